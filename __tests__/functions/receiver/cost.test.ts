import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { prices } from "../../../contract/prices.ts";
import { throttling } from "../../../contract/settings/api.ts";
import { receiver as settings } from "../../../contract/settings/receiver.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import { httpEvent, signed } from "../../support/lambda-events.ts";
import { bytesOfAccessLine, bytesOfInvocation } from "../../support/logged-bytes.ts";
import { integrationId, receiverBench } from "../../support/receiver.ts";
import { REPOSITORY } from "../../support/repository.ts";
import { leastInput, synthesise } from "../../support/synthesise.ts";

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

/** Milliseconds that the receiver is billed for a request without a signature, with a wide margin: it takes one or two. */
const BILLED_MILLISECONDS = 5;
test("what a million unsigned requests cost stands in the papers", async () => {
  const start = logs.text().length;
  await bytesFor(plain());
  const bytes = bytesOfInvocation(logs.text().slice(start)) + bytesOfAccessLine(synthesise(leastInput));
  const gigabytes = settings.memoryMegabytes.def.defaultValue / 1_024;
  const dollars =
    1e6 *
    (prices.httpApiRequest +
      prices.invocation +
      (BILLED_MILLISECONDS / 1_000) * gigabytes * prices.gigabyteSecond +
      bytes * prices.logByte);
  const page = await readFile(join(REPOSITORY, "docs/deploy.md"), "utf8");
  const rounded = (value: number) => (Math.round(value * 10) / 10).toFixed(1);
  expect(page).toContain(`A million requests without a signature cost about $${rounded(dollars)}`);
  const anHour = (throttling.ratePerSecond.def.defaultValue * 3_600 * dollars) / 1e6;
  expect(page).toContain(`about $${Math.round(anHour)} an hour`);
});
