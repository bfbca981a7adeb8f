import { alarmsOf, stateAfterLog } from "../support/alarms.ts";
import { type CapturedLogs, captureLogs } from "../support/captured-logs.ts";
import { envelopeFor } from "../support/envelopes.ts";
import { httpEvent, signed } from "../support/lambda-events.ts";
import { startProcessorBench, timeLeft } from "../support/processor.ts";
import { secret, startReceiverBench } from "../support/receiver.ts";
import { startRecoveryBench } from "../support/recovery.ts";
import { leastInput, synthesise } from "../support/synthesise.ts";

/** The stack's environment is the benches': what the functions write is what its alarms look at. */
const models = await alarmsOf(synthesise(leastInput));
let logs: CapturedLogs;
beforeEach(() => {
  logs = captureLogs();
});
afterEach(() => logs.stop());

/** The alarms that are in ALARM after `minutes` minutes of what was said, and of nothing of AWS's own. */
function inAlarm(minutes = 1): string[] {
  return models
    .filter((model) => stateAfterLog(model, logs.text(), minutes) === "ALARM")
    .map(({ name }) => name.replace("genesys-events-test-", ""))
    .sort();
}

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

test("a receiver that stores an event in the bucket is heard, one that queues it is not", async () => {
  const bench = await startReceiverBench();
  const event = httpEvent({ body: '{"webhookName":"w"}', headers: signed('{"webhookName":"w"}', secret) });
  await bench.start()(event);
  expect(inAlarm()).toEqual([]);
  await bench.start({}, { queue: "http://127.0.0.1:1" })(event);
  expect(inAlarm()).toEqual(["spill"]);
  await bench.stop();
});

test.each([
  ["is", { current: secret }, false],
  ["is the placeholder", { current: "REPLACE-ME" }, true],
  ["is empty", {}, true],
])("a secret that %s: whether somebody hears of it", async (_, value, heard) => {
  const bench = await startReceiverBench();
  bench.parameters.values.set("/webhook", JSON.stringify(value));
  const event = httpEvent({ body: '{"webhookName":"w"}', headers: signed('{"webhookName":"w"}', secret) });
  await bench.start()(event);
  const model = models.find(({ name }) => name.endsWith("secret-missing"));
  expect(model && stateAfterLog(model, logs.text(), 1)).toBe(heard ? "ALARM" : "OK");
  await bench.stop();
});

test.each([
  ["fails", 503, hoursAgo(1), true],
  ["fails, a new one", 503, hoursAgo(0), false],
  ["is delivered late", 200, hoursAgo(1), true],
  ["is delivered in time", 200, hoursAgo(0), false],
])("an event that %s (%i): whether it is heard as old", async (_, status, receivedAt, heard) => {
  const bench = await startProcessorBench();
  bench.destination.answer = () => ({ status });
  await bench.send(envelopeFor("{}", { received_at: receivedAt }));
  await bench.start()(await bench.receive(), timeLeft());
  expect(inAlarm().includes("oldest-event")).toBe(heard);
  await bench.stop();
});

test("a signature that is wrong is heard while none is right, and a request without one is not", async () => {
  const bench = await startReceiverBench();
  const body = '{"webhookName":"w"}';
  await bench.start()(httpEvent({ body, headers: {} }));
  expect(inAlarm()).toEqual([]);
  await bench.start()(httpEvent({ body, headers: signed(body, "another secret") }));
  expect(inAlarm()).toEqual(["unauthorized"]);
  await bench.start()(httpEvent({ body, headers: signed(body, secret) }));
  expect(inAlarm()).toEqual([]);
  await bench.stop();
});

test("recovery is heard: an open breaker and the event that waits for it, half-open too, and then neither", async () => {
  const bench = await startRecoveryBench();
  bench.destination.answer = () => ({ status: 503 });
  await bench.breaker.tell({ kind: "outage", reason: "503", oldestUndelivered: hoursAgo(1) });
  await bench.run();
  expect(inAlarm(3)).toEqual(["breaker-open", "oldest-event"]);

  logs.clear();
  await bench.breaker.tell({ kind: "probe-succeeded" });
  await bench.run();
  expect(inAlarm(3)).toEqual(["breaker-open", "oldest-event"]);

  logs.clear();
  await bench.breaker.tell({ kind: "delivered" });
  await bench.run();
  expect(inAlarm(3)).toEqual([]);
  await bench.stop();
});

test("a state table that is gone is heard as that, and not as a recovery that fails", async () => {
  const bench = await startRecoveryBench();
  await bench.state.stop();
  await bench.run().catch(() => {});
  expect(inAlarm(2)).toEqual(["state-table"]);
  await bench.stop();
});
