import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { throttling } from "../../../contract/settings/api.ts";
import { receiver as settings } from "../../../contract/settings/receiver.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import { httpEvent, signed } from "../../support/lambda-events.ts";
import { integrationId, receiverBench } from "../../support/receiver.ts";
import { REPOSITORY } from "../../support/repository.ts";
import { json, leastInput, synthesise } from "../../support/synthesise.ts";

const bench = receiverBench();
const logs = capturedLogs();

/** API Gateway takes no more of request line and headers together. */
const HEADER_BYTES = 10_240;
const body = '{"webhookName":"x"}';
/** A text as long as a stranger can make one, of what takes most room in JSON. */
const LONG = [...'\u0000\uFFFF"\\ü😀'].join("").repeat(HEADER_BYTES / 8);

/** Bytes that the receiver writes for one rejected request. */
async function bytesFor(event: unknown): Promise<number> {
  const before = logs.text().length;
  const answer = await bench.start()(event);
  expect(answer.statusCode).toBeGreaterThanOrEqual(401);
  return Buffer.byteLength(logs.text().slice(before));
}

const plain = () => httpEvent({ body, headers: { "user-agent": "x".repeat(80) } });

test("a rejected request is one short line and its metrics, whatever a stranger makes long", async () => {
  const longest = {
    "a plain one": plain(),
    "long headers": httpEvent({
      body,
      headers: { "user-agent": LONG, "x-hub-signature-256": LONG, "content-encoding": LONG },
    }),
    "a wrong signature": httpEvent({ body, headers: { ...signed(body, "wrong"), "user-agent": LONG } }),
    "a long path": { ...httpEvent({ body, routeKey: "$default", path: `/${LONG}` }), pathParameters: {} },
    "a long integration": {
      ...httpEvent({
        body,
        path: "/open-messaging/{integrationId}",
        pathParameters: { integrationId: LONG },
        headers: signed(body, integrationId),
      }),
      rawPath: `/open-messaging/${LONG}`,
    },
    "an invocation that is none": { [LONG]: LONG },
  };
  for (const [what, event] of Object.entries(longest)) {
    expect([what, (await bytesFor(event)) < 1_100]).toEqual([what, true]);
  }
  const rejected = logs.logs().filter(({ message }) => message === "Request rejected");
  expect(rejected).toHaveLength(Object.keys(longest).length);
  expect(logs.logs()).toHaveLength(rejected.length);
  for (const line of rejected)
    for (const field of ["path", "user_agent"])
      expect(String(line[field as keyof typeof line] ?? "").length).toBeLessThanOrEqual(80);
});

/** List prices of us-east-1, dollars. */
const PRICES = {
  /** HTTP API, a million requests of up to 512 KB. */
  api: 1,
  /** Lambda, a million invocations, and a GB-second on arm64. */
  invocations: 0.2,
  gigabyteSecond: 0.0000133334,
  /** CloudWatch Logs, a GB taken in. */
  logs: 0.5,
};
/** Milliseconds that the receiver is billed for a request without a signature, with a wide margin: it takes one or two. */
const BILLED_MILLISECONDS = 5;
/** `START`, `END` and `REPORT`, as Lambda writes them around each invocation in its text format. */
const PLATFORM_LINES_BYTES = 350;
/** CloudWatch counts so many more for each line. */
const BYTES_A_LINE = 26;
/** What stands in the access log in place of a `$context` variable, on the average. */
const FIELD_BYTES = 20;

test("what a million unsigned requests cost stands in the papers", async () => {
  const stage = synthesise(leastInput).resource("aws_apigatewayv2_stage", "api_stage");
  const { format } = stage["access_log_settings"] as { format: string };
  const accessLine = JSON.stringify(json(format)).replaceAll(
    /\$context[.\w]+/g,
    "x".repeat(FIELD_BYTES),
  ).length;
  const bytes = (await bytesFor(plain())) + PLATFORM_LINES_BYTES + accessLine + 6 * BYTES_A_LINE;
  const gigabytes = settings.memoryMegabytes.def.defaultValue / 1_024;
  const dollars =
    PRICES.api +
    PRICES.invocations +
    BILLED_MILLISECONDS * 1_000 * gigabytes * PRICES.gigabyteSecond +
    (bytes / 1_000) * PRICES.logs;
  const page = await readFile(join(REPOSITORY, "docs/deploy.md"), "utf8");
  const rounded = (value: number) => (Math.round(value * 10) / 10).toFixed(1);
  expect(page).toContain(`A million requests without a signature cost about $${rounded(dollars)}`);
  const anHour = (throttling.ratePerSecond.def.defaultValue * 3_600 * dollars) / 1e6;
  expect(page).toContain(`about $${Math.round(anHour)} an hour`);
});
