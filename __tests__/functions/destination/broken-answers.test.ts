import { createServer, type Socket } from "node:net";
import { openExchange } from "../../../functions/destination/exchange.ts";
import { outcomeOfAnswer, outcomeOfError } from "../../../functions/processor/classify.ts";
import { within } from "../../../functions/runtime/within.ts";

/** What a server says on the wire: one part after the other, each when the client has had the one before. */
type Script = readonly (string | "reset" | "end")[];

/** A server that speaks no HTTP but what it is told to, byte for byte. */
async function startRaw(script: Script) {
  let requests = 0;
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      if (!/^(POST|HEAD) /.test(bytes.toString("latin1"))) return;
      requests++;
      say(socket, script);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}/crm`,
    requests: () => requests,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function say(socket: Socket, [part, ...rest]: Script): void {
  if (part === undefined) return;
  if (part === "end") return void socket.end();
  // A packet of its own: the client reads the one before first.
  const next = () => setImmediate(() => setImmediate(() => say(socket, rest)));
  if (part === "reset") return void socket.resetAndDestroy();
  socket.write(part, "latin1", next);
}

/** What becomes of deliveries to it, one after the other over one exchange. */
async function deliveriesTo(script: Script, count = 1, milliseconds = 5_000) {
  const raw = await startRaw(script);
  const exchange = openExchange({
    kind: "http",
    url: raw.url,
    timeoutMilliseconds: 5_000,
    maxResponseBytes: 1_000,
    allowPrivateAddresses: true,
  });
  const bytes = Buffer.from("{}");
  const headers = { "content-length": String(bytes.length) };
  const outcomes = [];
  for (let i = 0; i < count; i++) {
    const post = within("The delivery", milliseconds, (signal) =>
      exchange({ method: "POST", headers, bytes, signal, redaction: undefined }),
    );
    outcomes.push(await post.then(outcomeOfAnswer, outcomeOfError));
  }
  const requests = raw.requests();
  await raw.stop();
  return { outcomes, requests };
}

const head = (status: number, ...lines: string[]) => [`HTTP/1.1 ${status} X`, ...lines, "", ""].join("\r\n");
const chunked = "transfer-encoding: chunked";
const retryAfter = "retry-after: 7";

/** Complete, and then something that belongs to no answer. */
const overrun = (status: number, ...lines: string[]): [string, Script][] => [
  ["one byte more than Content-Length", [`${head(status, "content-length: 1", ...lines)}ok`]],
  ["one byte more, later", [`${head(status, "content-length: 1", ...lines)}o`, "k"]],
  ["no HTTP behind it", [`${head(status, "content-length: 2", ...lines)}ok\r\n\r\nhello`]],
  ["no HTTP behind its last chunk", [`${head(status, chunked, ...lines)}2\r\nok\r\n0\r\n\r\nhello`]],
  ["a reset behind it", [`${head(status, "content-length: 2", ...lines)}ok`, "reset"]],
  ["nobody's second answer behind it", [head(status, "content-length: 0", ...lines) + head(500)]],
];

/** The head is whole, and the body is not. */
const broken = (status: number, ...lines: string[]): [string, Script][] => [
  ["closed in the middle", [`${head(status, "content-length: 10", ...lines)}half`, "end"]],
  ["reset in the middle", [`${head(status, "content-length: 10", ...lines)}half`, "reset"]],
  ["a chunk of no size", [`${head(status, chunked, ...lines)}2\r\nok\r\nzz\r\n`]],
  ["closed before the last chunk", [`${head(status, chunked, ...lines)}2\r\nok\r\n`, "end"]],
];

test.each<[string, number, Script]>([
  ["two bytes behind it", 204, [`${head(204)}hi`]],
  ["two bytes behind it, later", 204, [head(204), "hi"]],
  ...overrun(200).map(([what, script]) => [what, 200, script] as [string, number, Script]),
])(
  "a complete answer with %s is a success each time, and no request goes out twice",
  async (_, status, script) => {
    const { outcomes, requests } = await deliveriesTo(script, 4);
    expect(outcomes).toEqual(Array(4).fill({ class: "success", status }));
    // What comes later may meet the next request on its connection, once: then no connection is kept any more.
    expect(requests - 4).toBeLessThanOrEqual(script.length - 1);
  },
);

test.each(
  [400, 500, 503].flatMap((status) => overrun(status, retryAfter).map((each) => [status, ...each] as const)),
)("a complete %i with %s keeps its status, and what it says of later", async (status, _, script) => {
  const { outcomes, requests } = await deliveriesTo(script);
  expect(requests).toBe(1);
  expect(outcomes).toMatchObject([
    {
      status,
      class: status === 400 ? "permanent" : "transient",
      ...(status === 400 ? {} : { retryAfter: "7" }),
    },
  ]);
});

test.each(
  [400, 500, 503].flatMap((status) => broken(status, retryAfter).map((each) => [status, ...each] as const)),
)("a %i that breaks off (%s) keeps its status, and what it says of later", async (status, _, script) => {
  const { outcomes } = await deliveriesTo(script);
  expect(outcomes).toMatchObject([
    {
      status,
      class: status === 400 ? "permanent" : "transient",
      ...(status === 400 ? {} : { retryAfter: "7" }),
    },
  ]);
});

test.each([...broken(200), ...broken(299)])(
  "a 2xx that breaks off (%s) is transient: nobody knows what it has done",
  async (_, script) => {
    const { outcomes } = await deliveriesTo(script);
    expect(outcomes).toEqual([expect.objectContaining({ class: "transient" })]);
    expect(outcomes[0]).not.toHaveProperty("status");
  },
);

test("a 200 that is broken off by what is no HTTP says so, and not just that the connection is gone", async () => {
  const { outcomes } = await deliveriesTo([`${head(200, chunked)}2\r\nok\r\nzz\r\n`]);
  expect(outcomes[0]).toMatchObject({ message: expect.stringContaining("HPE_INVALID_CHUNK_SIZE") });
});

test("a 200 without a length ends with its connection", async () => {
  expect(await deliveriesTo([`${head(200)}ok`, "end"])).toMatchObject({
    outcomes: [{ class: "success", status: 200 }],
  });
});

test.each([
  ["a body that does not end", [`${head(200, "content-length: 10")}half`], { class: "success", status: 200 }],
  ["chunks that do not end", [`${head(201, chunked)}2\r\nok\r\n`], { class: "success", status: 201 }],
  [
    "a 503's body that does not end",
    [`${head(503, "content-length: 10", retryAfter)}half`],
    { class: "transient", status: 503, retryAfter: "7" },
  ],
  [
    "a head that does not end",
    ["HTTP/1.1 200 OK\r\ncontent-le"],
    { class: "transient", message: "The delivery took longer than 200 ms." },
  ],
])("%s in time counts as far as its head goes", async (_, script, outcome) => {
  const { outcomes } = await deliveriesTo(script, 1, 200);
  expect(outcomes).toEqual([expect.objectContaining(outcome)]);
});

test("a HEAD that is answered with a body is answered", async () => {
  const raw = await startRaw([`${head(200, "content-length: 2")}ok`]);
  const exchange = openExchange({
    kind: "http",
    url: raw.url,
    timeoutMilliseconds: 5_000,
    maxResponseBytes: 1_000,
    allowPrivateAddresses: true,
  });
  const { signal } = new AbortController();
  expect(await exchange({ method: "HEAD", headers: {}, signal, redaction: undefined })).toMatchObject({
    status: 200,
  });
  await raw.stop();
});
