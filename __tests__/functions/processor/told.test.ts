import { shortId } from "../../../contract/event/identity.ts";
import { metrics } from "../../../contract/metrics.ts";
import { BreakerStore } from "../../../functions/breaker/store.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import { envelopeFor, idFor } from "../../support/envelopes.ts";
import { type ProcessorBench, processorBench, receivedAgain, timeLeft } from "../../support/processor.ts";

/** What is said and counted of each way in which an event can go, whole: people and alarms have nothing else. */

const bench = processorBench();
const logs = capturedLogs();

const gone = () => `${bench.cloud.endpoint}/000000000000/gone`;
const breaker = () =>
  new BreakerStore(bench.state.client, bench.state.table, { baseSeconds: 60, capSeconds: 900 });

/** The one line, but what is on every line. */
function line(): Record<string, unknown> {
  const [only, ...others] = logs.logs();
  expect(others).toEqual([]);
  const { timestamp, service, environment, short_id, received_at, ...all } = only ?? {};
  const isDelivered = all["message"] === "Event delivered";
  expect([service, environment]).toEqual(isDelivered ? [undefined, undefined] : ["processor", "test"]);
  const { duration_ms, conversation_id, ...rest } = all;
  expect(short_id).toBe(shortId(String(rest["event_id"]), 12));
  const isEnvelope = rest["class"] !== "malformed";
  expect([received_at, conversation_id]).toEqual(
    isEnvelope ? ["2026-11-24T12:00:00.000Z", "c-1"] : [undefined, undefined],
  );
  expect(typeof duration_ms).toBe("status" in rest ? "number" : "undefined");
  return rest;
}

const AGES: readonly string[] = [metrics.processor.oldestUndelivered, metrics.processor.oldestDelivered];

/** What was counted, by name; ages are told as whether there is one. */
function counted(): Record<string, number> {
  const names = Object.values(metrics.processor).filter((name) => logs.lines().some((each) => name in each));
  return Object.fromEntries(names.map((name) => [name, AGES.includes(name) ? 1 : logs.metric(name)]));
}

const event_type = "conversation:ended";
const event = { source: "webhook", event_type };
const {
  delivered,
  retried,
  deferred,
  deadLettered,
  oldestUndelivered,
  oldestDelivered,
  duplicates,
  unprotected,
} = metrics.processor;

interface Case {
  readonly answer?: number | Error;
  readonly settings?: () => Partial<ProcessorBench["settings"]>;
  readonly receive?: number;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly before?: () => Promise<unknown>;
  readonly says: Record<string, unknown>;
  readonly counts: Record<string, number>;
}

const cases: Record<string, Case> = {
  delivered: {
    says: { level: "INFO", message: "Event delivered", event_type, status: 200 },
    counts: { [delivered]: 1, [oldestDelivered]: 1 },
  },
  "delivered at its third attempt": {
    attributes: { attempts: "2", redrives: "1" },
    says: {
      ...{ level: "INFO", message: "Event delivered", event_type, attempt: 3, status: 200 },
      redrives: 1,
    },
    // It was a dead letter meanwhile: its age tells nothing of how the processor keeps up.
    counts: { [delivered]: 1 },
  },
  "failed for now": {
    answer: 503,
    settings: () => ({ backOff: { baseSeconds: 0.5, factor: 1, capSeconds: 0.5, retryAfterCapSeconds: 1 } }),
    says: {
      ...{ level: "WARN", message: "Delivery failed, trying again later", ...event, attempt: 1, status: 503 },
      ...{ class: "transient", reason: "The destination answered 503.", next_attempt_seconds: 0 },
    },
    counts: { [retried]: 1, [oldestUndelivered]: 1 },
  },
  "failed for now, and SQS does not change its visibility": {
    answer: 503,
    settings: () => ({ queueUrl: gone() }),
    says: {
      ...{ level: "WARN", message: "Delivery failed, trying again later", ...event, attempt: 1, status: 503 },
      ...{ class: "transient", reason: "The destination answered 503." },
      visibility_unchanged: "QueueDoesNotExist",
    },
    counts: { [retried]: 1, [oldestUndelivered]: 1 },
  },
  "failed on its last receive, by chance": {
    answer: 503,
    receive: 5,
    settings: () => ({ backOff: { baseSeconds: 0.5, factor: 1, capSeconds: 0.5, retryAfterCapSeconds: 1 } }),
    says: {
      ...{ level: "WARN", message: "Event put back on the queue with its receives uncounted", ...event },
      ...{ attempt: 1, status: 503, reason: "The destination answered 503.", next_attempt_seconds: 0 },
    },
    counts: { [retried]: 1, [oldestUndelivered]: 1 },
  },
  "failed on its last receive, and SQS does not take the copy": {
    answer: 503,
    receive: 5,
    settings: () => ({ queueUrl: gone() }),
    says: {
      ...{
        level: "ERROR",
        message: "Delivery failed, trying again later",
        ...event,
        attempt: 1,
        status: 503,
      },
      ...{ class: "transient", reason: "QueueDoesNotExist" },
    },
    counts: { [retried]: 1, [oldestUndelivered]: 1 },
  },
  "turned down": {
    answer: 422,
    says: {
      ...{
        level: "ERROR",
        message: "Event moved to the dead-letter queue",
        ...event,
        attempt: 1,
        status: 422,
      },
      ...{ class: "permanent", reason: "The destination answered 422." },
    },
    counts: { [deadLettered]: 2 }, // as a whole, and by class
  },
  "turned down, and SQS does not take the dead letter": {
    answer: 422,
    settings: () => ({ deadLetterQueueUrl: gone() }),
    says: {
      ...{
        level: "ERROR",
        message: "Dead letter could not be sent, trying again later",
        ...event,
        attempt: 1,
      },
      ...{ status: 422, class: "permanent", reason: "The destination answered 422." },
      dead_letter_failure: "QueueDoesNotExist",
    },
    counts: { [retried]: 1, [oldestUndelivered]: 1 },
  },
  "no envelope": {
    body: "{}",
    says: {
      ...{ level: "ERROR", message: "Event moved to the dead-letter queue", class: "malformed", attempt: 0 },
      ...{
        event_id: expect.any(String),
        source: expect.any(String),
        reason: expect.stringMatching(/^[A-Z].*\.$/),
      },
    },
    counts: { [deadLettered]: 2 },
  },
  "deferred, since the breaker is open": {
    before: () => breaker().tell({ kind: "operator-opened", reason: "maintenance" }),
    says: {
      ...{ level: "INFO", message: "Event deferred until the breaker closes", ...event, attempt: 0 },
      next_attempt_seconds: 300,
    },
    counts: { [deferred]: 1, [oldestUndelivered]: 1 },
  },
  "deferred on its last receive": {
    before: () => breaker().tell({ kind: "operator-opened", reason: "maintenance" }),
    receive: 5,
    says: {
      ...{ level: "WARN", message: "Event put back on the queue with its receives uncounted", ...event },
      ...{ attempt: 0, next_attempt_seconds: 300, deferred: "breaker-open" },
    },
    counts: { [deferred]: 1, [oldestUndelivered]: 1 },
  },
};

test.each(Object.entries(cases))(
  "%s",
  async (what, { answer = 200, receive = 1, attributes, body, ...more }) => {
    bench.destination.answer = () => ({ status: answer as number });
    await more.before?.();
    await bench.send(body ?? envelopeFor("{}", { id: what }), attributes);
    await bench.start(more.settings?.())(receivedAgain(await bench.receive(), receive), timeLeft());
    expect(line()).toEqual({ event_id: idFor(what), ...more.says });
    expect(counted()).toEqual(more.counts);
  },
);

test("delivered before: told as a duplicate, at the attempt that delivered it", async () => {
  const processor = bench.start({ idempotencySeconds: 3_600 });
  for (const id of ["same", "same"]) {
    logs.clear();
    await bench.send(envelopeFor("{}", { id }));
    await processor(await bench.receive(), timeLeft());
    bench.cloud.reset();
  }
  expect(line()).toEqual({
    ...{ level: "INFO", message: "Duplicate suppressed", ...event, event_id: idFor("same"), attempt: 0 },
  });
  expect(counted()).toEqual({ [duplicates]: 1 });
});

test("with the state table out of reach: delivered, and told that a duplicate would be, too", async () => {
  const processor = bench.start({ idempotencySeconds: 3_600 }, { state: "http://127.0.0.1:9" });
  await bench.send(envelopeFor("{}", { id: "id" }));
  await processor(await bench.receive(), timeLeft());
  expect(counted()).toEqual({ [delivered]: 1, [unprotected]: 1, [oldestDelivered]: 1 });
  expect(logs.logs().filter(({ level }) => level === "WARN")).toEqual([
    expect.objectContaining({
      message: expect.stringMatching(/out of reach/),
      reason: expect.stringMatching(/^E/),
    }),
    expect.objectContaining({ event_id: idFor("id"), reason: expect.stringMatching(/^E/) }),
  ]);
});
