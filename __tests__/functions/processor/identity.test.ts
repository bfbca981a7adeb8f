import { repeatedName } from "../../../contract/event/identity.ts";
import { logMessages } from "../../../contract/log-messages.ts";
import { metrics } from "../../../contract/metrics.ts";
import { type CapturedLogs, captureLogs } from "../../support/captured-logs.ts";
import { envelopeFor, idFor } from "../../support/envelopes.ts";
import { type ProcessorBench, startProcessorBench, timeLeft } from "../../support/processor.ts";

let bench: ProcessorBench;
let logs: CapturedLogs;
beforeEach(async () => {
  bench = await startProcessorBench();
  logs = captureLogs();
});
afterEach(async () => {
  logs.stop();
  await bench.stop();
});

const keys = () => bench.destination.requests.map(({ headers }) => headers["idempotency-key"]);

/** Each in an execution environment of its own. */
async function process(...bodies: string[]) {
  for (const body of bodies) {
    await bench.send(body);
    await bench.start({ idempotencySeconds: 3_600 })(await bench.receive(), timeLeft());
    bench.cloud.reset();
  }
}

/** A webhook without an id, as the receiver writes it. */
function repeated(received_at: string): string {
  const id = repeatedName("webhook", [], new Date(received_at), 120);
  return envelopeFor('{"webhookName":"x"}', { id, received_at });
}

test("one id and other bytes: both are delivered under keys of their own, and the id is told", async () => {
  const [one, other] = [envelopeFor('{"a":1}', { id: "7" }), envelopeFor('{"a":2}', { id: "7" })];
  await process(one, other, one, other);
  expect(keys()).toEqual([idFor("7", '{"a":1}'), idFor("7", '{"a":2}')]);
  expect(logs.metric(metrics.processor.sameIdOtherBytes)).toBe(1);
  expect(logs.metric(metrics.processor.duplicates)).toBe(2);
  const warnings = logs.logs().filter(({ message }) => message === logMessages.otherBytes);
  expect(warnings).toMatchObject([{ level: "WARN", event_id: idFor("7", '{"a":2}') }]);
});

test("the same bytes within the retry span are one delivery, ten minutes later another", async () => {
  await process(
    repeated("2026-11-24T12:01:50.000Z"),
    repeated("2026-11-24T12:02:05.000Z"),
    repeated("2026-11-24T12:11:50.000Z"),
  );
  expect(new Set(keys()).size).toBe(2);
  expect(keys()).toHaveLength(2);
});

test("a repetition goes out under the key of the first, which has failed, and is told of by it", async () => {
  bench.destination.answer = () => ({ status: bench.destination.requests.length === 1 ? 503 : 422 });
  await process(repeated("2026-11-24T12:01:50.000Z"));
  await bench.send(repeated("2026-11-24T12:02:05.000Z"));
  await bench.start({ idempotencySeconds: 3_600 })(await bench.receive(), timeLeft());
  expect(new Set(keys()).size).toBe(1);
  expect(bench.cloud.messages("dead-letter")[0]?.attributes).toMatchObject({
    event_id: keys()[0],
    attempts: "2",
  });
});

test("a bare envelope that comes twice, at another time, is one delivery", async () => {
  const bare = (received_at: string) =>
    JSON.stringify({ received_at, webhook_id: "w", webhook_name: "n", payload: { webhookName: "n" } });
  await process(bare("2026-11-24T12:00:00"), bare("2026-11-24T13:00:00"));
  expect(keys()).toHaveLength(1);
});

test("a payload that cannot be read costs no attempt", async () => {
  const reference = { bucket: bench.cloud.bucket, key: "claim-checks/gone", bytes: 2 };
  await bench.send(
    JSON.stringify({ id: "7", body_sha256: "0".repeat(64), payload_ref: reference, payload: null }),
  );
  await bench.start()(await bench.receive(), timeLeft());
  expect(bench.cloud.messages("dead-letter")[0]?.attributes).toMatchObject({ attempts: "0" });
});
