import { defined } from "../../../contract/defined.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import { httpEvent, signed } from "../../support/lambda-events.ts";
import { receiverBench, secret } from "../../support/receiver.ts";

const bench = receiverBench();
const logs = capturedLogs();

async function expectNothingStored(): Promise<void> {
  expect(bench.cloud.messages()).toEqual([]);
  expect(bench.cloud.messages("dead-letter")).toEqual([]);
  expect(await bench.cloud.keys()).toEqual([]);
}

const body = '{"webhookName":"ended"}';
const headers = signed(body, secret);

test.each([
  ["/nowhere", undefined],
  ["/", undefined],
  ["/webhook/", undefined],
  ["/WEBHOOK", undefined],
  ["/open-messaging", undefined],
  ["/__proto__", undefined],
  ["/webhook/more", "$default"],
])("an unknown path (%s): 404", async (path, routeKey) => {
  const event = httpEvent({ path, body, headers, ...defined({ routeKey }) });
  expect(await bench.start()(event)).toEqual({
    statusCode: 404,
    headers: { "content-type": "application/json" },
    body: '{"message":"Not Found"}',
  });
  await expectNothingStored();
});

test("a source that is off does not exist", async () => {
  const sources = bench.settings.sources.filter(({ source }) => source !== "webhook");
  expect((await bench.start({ sources })(httpEvent({ body, headers }))).statusCode).toBe(404);
});

test.each(["GET", "PUT", "PATCH", "DELETE", "HEAD", "post", ""])("method %j: 405", async (method) => {
  const event = httpEvent({ method, routeKey: "ANY /webhook", body, headers });
  expect(await bench.start()(event)).toEqual({
    statusCode: 405,
    headers: { "content-type": "application/json", allow: "POST" },
    body: '{"message":"Method Not Allowed"}',
  });
  await expectNothingStored();
});

test("a default route reaches a source by the request's own path", async () => {
  expect((await bench.start()(httpEvent({ routeKey: "$default", body, headers }))).statusCode).toBe(200);
});

test("more than Lambda takes: 413; as much as it takes: 200", async () => {
  const receive = bench.start();
  const limit = 6 * 1024 * 1024;
  const sized = (bytes: number) => Buffer.from(`{"webhookName":"${"x".repeat(bytes - 18)}"}`);
  for (const [bytes, status] of [
    [limit + 1, 413],
    [limit, 200],
  ] as const) {
    const big = sized(bytes);
    expect(big).toHaveLength(bytes);
    const result = await receive(httpEvent({ body: big, headers: signed(big, secret) }));
    expect([bytes, result.statusCode]).toEqual([bytes, status]);
  }
  expect(bench.cloud.messages()).toHaveLength(1);
  expect(logs.logs().map(({ reason }) => reason)).toContain("too-large");
});

test.each<[string, unknown]>([
  ["null", null],
  ["a string", "event"],
  ["an empty object", {}],
  ["no request context", { ...httpEvent({ body, headers }), requestContext: undefined }],
  ["headers of null", { ...httpEvent({ body }), headers: null }],
  ["headers that are no text", { ...httpEvent({ body }), headers: { "x-hub-signature-256": 1 } }],
  ["a body that is no text", { ...httpEvent({ headers }), body: { webhookName: "x" } }],
  [
    "path parameters of null",
    { ...httpEvent({ path: "/open-messaging/{integrationId}", body, headers }), pathParameters: null },
  ],
])("an event that API Gateway would never send (%s) is answered, and stored by nobody", async (_, event) => {
  const { statusCode } = await bench.start()(event);
  expect([401, 404, 503]).toContain(statusCode);
  await expectNothingStored();
});

test("an error that nobody foresaw is 503, logged by its name and place alone", async () => {
  const settings = {
    ...bench.settings.sources[0],
    get authentication(): never {
      throw new RangeError(secret);
    },
  };
  const result = await bench.start({ sources: [settings as never] })(httpEvent({ body, headers }));
  expect(result).toMatchObject({ statusCode: 503, headers: { "retry-after": "5" } });
  expect(logs.logs()).toContainEqual(
    expect.objectContaining({
      message: "Unexpected error",
      error: "RangeError",
      at: expect.stringMatching(/^at /),
    }),
  );
  expect(logs.text()).not.toContain(secret);
});
