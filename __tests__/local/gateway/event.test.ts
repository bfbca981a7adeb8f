import * as fc from "fast-check";
import { type GatewayRequest, toEvent } from "../../../local/gateway/event.ts";

const identity = {
  apiId: "api",
  account: "000000000000",
  requestId: "request-1",
  at: new Date("2026-11-24T07:35:32.123Z"),
};

function request(given: Partial<GatewayRequest> = {}): GatewayRequest {
  return {
    method: "POST",
    url: "/webhook",
    rawHeaders: ["Host", "127.0.0.1:8080"],
    sourceIp: "127.0.0.1",
    body: Buffer.alloc(0),
    ...given,
  };
}

const event = (given: Partial<GatewayRequest> = {}, pathParameters: Record<string, string> = {}) =>
  toEvent(request(given), { routeKey: "POST /webhook", pathParameters }, identity);

test("an event of format 2.0", () => {
  const rawHeaders = ["Host", "127.0.0.1:8080", "User-Agent", "Genesys", "Content-Type", "application/json"];
  expect(event({ rawHeaders, url: "/webhook?b=2&a=1&a=3", body: Buffer.from("{}") })).toEqual({
    version: "2.0",
    routeKey: "POST /webhook",
    rawPath: "/webhook",
    rawQueryString: "b=2&a=1&a=3",
    headers: { host: "127.0.0.1:8080", "user-agent": "Genesys", "content-type": "application/json" },
    queryStringParameters: { a: "1,3", b: "2" },
    requestContext: {
      accountId: "000000000000",
      apiId: "api",
      domainName: "127.0.0.1:8080",
      domainPrefix: "127",
      http: {
        method: "POST",
        path: "/webhook",
        protocol: "HTTP/1.1",
        sourceIp: "127.0.0.1",
        userAgent: "Genesys",
      },
      requestId: "request-1",
      routeKey: "POST /webhook",
      stage: "$default",
      time: "24/Nov/2026:07:35:32 +0000",
      timeEpoch: identity.at.getTime(),
    },
    body: "{}",
    isBase64Encoded: false,
  });
});

test("repeated headers become one, cookies stand apart", () => {
  const rawHeaders = ["X-A", "1", "x-a", "2", "Cookie", "a=1; b=2", "cookie", "c=3"];
  expect(event({ rawHeaders })).toMatchObject({ headers: { "x-a": "1,2" }, cookies: ["a=1", "b=2", "c=3"] });
  expect(event({ rawHeaders }).headers).not.toHaveProperty("cookie");
});

test("a header named __proto__ is a header like any other", () => {
  const { headers } = event({ rawHeaders: ["__proto__", "x"] });
  expect(Object.entries(headers)).toEqual([["__proto__", "x"]]);
});

test("path parameters, when there are any", () => {
  expect(event()).not.toHaveProperty("pathParameters");
  expect(event({}, { integrationId: "a b" })).toMatchObject({ pathParameters: { integrationId: "a b" } });
});

test("no body: no body", () => {
  expect(event()).not.toHaveProperty("body");
  expect(event().isBase64Encoded).toBe(false);
});

describe("the body is text or base64, by its type", () => {
  test.each([
    ["text/plain", false],
    ["text/csv; charset=utf-8", false],
    ["application/json", false],
    ["Application/JSON; charset=utf-8", false],
    ["application/javascript", false],
    ["application/xml", false],
    ["application/vnd.api+json", false],
    ["application/x-www-form-urlencoded", true],
    ["application/octet-stream", true],
    ["multipart/form-data; boundary=x", true],
    [undefined, true],
  ])("%s", (type, isBase64Encoded) => {
    const rawHeaders = type === undefined ? [] : ["Content-Type", type];
    const given = event({ rawHeaders, body: Buffer.from("Grüße") });
    expect(given).toMatchObject({ isBase64Encoded, body: isBase64Encoded ? "R3LDvMOfZQ==" : "Grüße" });
  });

  test("no byte is ever changed, whatever the type says", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("application/json", "text/plain", "application/octet-stream"),
        fc.oneof(
          fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes)),
          fc.string({ unit: "grapheme", minLength: 1 }).map((text) => Buffer.from(`\uFEFF${text}`)),
        ),
        (type, body) => {
          const given = event({ rawHeaders: ["Content-Type", type], body }) as {
            body: string;
            isBase64Encoded: boolean;
          };
          return Buffer.from(given.body, given.isBase64Encoded ? "base64" : "utf8").equals(body);
        },
      ),
    );
  });
});
