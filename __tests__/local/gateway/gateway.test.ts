import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { jest } from "@jest/globals";
import { Gateway, type Invoke } from "../../../local/gateway/gateway.ts";
import type { InvocationResult } from "../../../local/lambda/invocation-result.ts";
import type { CorsModel, RouteModel } from "../../../local/stack/model.ts";

jest.setTimeout(30_000); // processes and sockets of their own, on a machine with other things to do

const cors: CorsModel = {
  allowOrigins: ["https://desk.example.com"],
  allowMethods: ["POST", "OPTIONS"],
  allowHeaders: ["Content-Type", "X-Hub-Signature-256"],
  exposeHeaders: [],
  allowCredentials: false,
  maxAgeSeconds: 600,
};

const route = (routeKey: string, timeoutMilliseconds = 30_000): RouteModel => ({
  routeKey,
  functionArn: "arn",
  timeoutMilliseconds,
});
const routes = [
  route("POST /webhook"),
  route("POST /open-messaging/{integrationId}"),
  route("POST /slow", 1),
  route("GET /files/{path+}"),
];

interface Event {
  readonly routeKey: string;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  readonly pathParameters?: Record<string, string>;
}

const ok = (value: unknown): InvocationResult => ({ ok: true, payload: JSON.stringify(value) });
const echo: Invoke = (_, event) => Promise.resolve(ok({ statusCode: 200, body: JSON.stringify(event) }));

let gateway: Gateway;
let invoke: Invoke;

beforeAll(async () => {
  gateway = await Gateway.listen(0);
  gateway.open({ routes, cors, account: "000000000000" }, (...given) => invoke(...given));
});
beforeEach(() => {
  invoke = echo;
});
afterAll(() => gateway.stop());

function post(path: string, body: string | Buffer<ArrayBuffer> = "{}", type = "application/json") {
  return fetch(`${gateway.url}${path}`, { method: "POST", headers: { "content-type": type }, body });
}

test("hands a request to its route's function, and the answer back", async () => {
  const response = await post("/open-messaging/a%20b", '{"a":1}');
  expect(response.status).toBe(200);
  const event = (await response.json()) as Event;
  expect(event).toMatchObject({
    routeKey: "POST /open-messaging/{integrationId}",
    pathParameters: { integrationId: "a b" },
    body: '{"a":1}',
  });
});

test("a greedy parameter takes the rest of the path", async () => {
  const event = (await (await fetch(`${gateway.url}/files/a/b`)).json()) as Event;
  expect(event.pathParameters).toEqual({ path: "a/b" });
});

test("bytes arrive as they were sent, whatever their type says", async () => {
  const bytes = Buffer.from([0xff, 0x00, 0xfe, 0x7b]);
  const event = (await (await post("/webhook", bytes)).json()) as Event;
  expect(Buffer.from(event.body ?? "", "base64")).toEqual(bytes);
  expect(event.isBase64Encoded).toBe(true);
});

test.each([
  ["POST", "/nowhere"],
  ["GET", "/webhook"],
  ["POST", "/webhook/"],
  ["POST", "/open-messaging/a/b"],
  ["HEAD", "/files/a"],
])("%s %s is not found", async (method, path) => {
  const response = await fetch(`${gateway.url}${path}`, { method });
  expect(response.status).toBe(404);
  if (method !== "HEAD") expect(await response.json()).toEqual({ message: "Not Found" });
});

test("more than 10 MB, or an event of more than 6 MB, is too large", async () => {
  let invoked = 0;
  invoke = (...given) => {
    invoked++;
    return echo(...given);
  };
  expect((await post("/webhook", Buffer.alloc(10 * 1024 * 1024 + 1, "x"))).status).toBe(413);
  expect((await post("/webhook", Buffer.alloc(6 * 1024 * 1024, "x"))).status).toBe(413);
  // As base64 a body is a third longer.
  const binary = await post("/webhook", Buffer.alloc(5 * 1024 * 1024, "x"), "application/octet-stream");
  expect(binary.status).toBe(413);
  expect(await binary.json()).toEqual({ message: "Request Entity Too Large" });
  expect(invoked).toBe(0);
  expect((await post("/webhook", Buffer.alloc(5 * 1024 * 1024, "x"))).status).toBe(200);
});

test.each<[string, InvocationResult]>([
  ["fails", { ok: false, error: { errorType: "Error", errorMessage: "secret" } }],
  ["answers no status", ok({ statusCode: "many" })],
])("a function that %s is a 500 that tells nothing", async (_, answer) => {
  invoke = () => Promise.resolve(answer);
  const response = await post("/webhook");
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({ message: "Internal Server Error" });
});

test("a function that takes longer than the integration may is a 503", async () => {
  let finish: (answer: InvocationResult) => void = () => {};
  invoke = () => new Promise((resolve) => (finish = resolve));
  const response = await post("/slow");
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({ message: "Service Unavailable" });
  finish(ok(null));
});

test("an answer's headers, cookies and base64 body", async () => {
  const answer = { statusCode: 201, headers: { "X-A": 1 }, cookies: ["a=1", "b=2"], isBase64Encoded: true };
  invoke = () => Promise.resolve(ok({ ...answer, body: Buffer.from([1, 2]).toString("base64") }));
  const response = await post("/webhook");
  expect(response.status).toBe(201);
  expect(response.headers.get("x-a")).toBe("1");
  expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from([1, 2]));
});

test("an answer without a status is the body of a 200", async () => {
  invoke = () => Promise.resolve(ok({ a: 1 }));
  const response = await post("/webhook");
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("application/json");
  expect(await response.json()).toEqual({ a: 1 });
});

describe("CORS", () => {
  const preflight = (origin: string, method = "POST") =>
    fetch(`${gateway.url}/webhook`, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": method },
    });

  test("the gateway answers a preflight itself", async () => {
    invoke = () => Promise.reject(new Error("not asked"));
    const { status, headers } = await preflight("https://desk.example.com");
    expect(status).toBe(204);
    expect(headers.get("access-control-allow-origin")).toBe("https://desk.example.com");
    expect(headers.get("access-control-allow-methods")).toBe("POST,OPTIONS");
    expect(headers.get("access-control-allow-headers")).toBe("content-type,x-hub-signature-256");
    expect(headers.get("access-control-max-age")).toBe("600");
  });

  test.each([
    ["https://elsewhere.example.com", "POST"],
    ["https://desk.example.com", "DELETE"],
  ])("allows nothing to %s %s", async (origin, method) => {
    const { status, headers } = await preflight(origin, method);
    expect(status).toBe(204);
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });

  test("an ordinary answer carries the origin", async () => {
    const headers = { origin: "https://desk.example.com" };
    const response = await fetch(`${gateway.url}/webhook`, { method: "POST", headers });
    expect(response.headers.get("access-control-allow-origin")).toBe("https://desk.example.com");
  });
});

describe("whatever a sender says of its body", () => {
  /** A request whose header lines are just these. */
  async function send(lines: readonly string[], body: string): Promise<{ status: number; event: Event }> {
    const { port, hostname } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    const head = [
      "POST /webhook HTTP/1.1",
      "host: x",
      "connection: close",
      `content-length: ${body.length}`,
      ...lines,
    ];
    socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
    const said = await text(socket);
    const [, status = ""] = said.split(" ");
    const json = said.slice(said.indexOf("\r\n\r\n") + 4);
    return { status: Number(status), event: json.startsWith("{") ? JSON.parse(json) : {} };
  }

  test.each([
    [[]],
    [["content-type:"]],
    [["content-type: json"]],
    [["content-type: /"]],
    [["content-type: application/json; charset=utf-8; charset=latin1"]],
    [["content-type: multipart/form-data"]],
    [["content-type: text/xml;;"]],
    [["content-type: äöü"]],
    [["content-type: application/json, text/plain"]],
  ])("%j: it reaches the function, byte for byte", async (lines) => {
    const { status, event } = await send(lines, '{"a":1}');
    expect(status).toBe(200);
    const bytes = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
    expect(bytes.toString()).toBe('{"a":1}');
  });

  test("10,240 bytes of line and headers are taken, and one more is not", async () => {
    const fixed = "POST/webhookhostxconnectionclosecontent-length2x-long".length;
    const most = await send([`x-long: ${"a".repeat(10_240 - fixed)}`], "{}");
    expect(most.status).toBe(200);
    const more = await send([`x-long: ${"a".repeat(10_241 - fixed)}`], "{}");
    expect(more).toEqual({ status: 431, event: { message: "Request Header Fields Too Large" } });
  });
});
