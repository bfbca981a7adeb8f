import { metrics } from "../../../contract/metrics.ts";
import { BreakerStore } from "../../../functions/breaker/store.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import { envelopeFor, idFor, nameIn } from "../../support/envelopes.ts";
import { forEachTest } from "../../support/hooks.ts";
import { startLambdaApi } from "../../support/lambda-api.ts";
import {
  type ProcessorBench,
  receivedAgain,
  startProcessorBench,
  timeLeft,
} from "../../support/processor.ts";

const bench = forEachTest(startProcessorBench);
const lambda = forEachTest(startLambdaApi);
const logs = capturedLogs();
const store = forEachTest(
  () => new BreakerStore(bench.state.client, bench.state.table, { baseSeconds: 60, capSeconds: 900 }),
);

const breaker = { failingEvents: 3, probeBaseSeconds: 60, probeCapSeconds: 900, settleSeconds: 120 };
const start = (changes: Partial<ProcessorBench["settings"]> = {}) =>
  bench.start({ breaker, batchConcurrency: 1, ...changes }, { recovery: lambda.endpoint });

async function batch(...ids: string[]) {
  for (const id of ids) await bench.send(envelopeFor("{}", { id }));
  return bench.receive();
}
const attempted = () =>
  bench.destination.requests.map(({ headers }) => nameIn(String(headers["idempotency-key"])));

test("an outage opens it within a batch; what is left of the batch is deferred until the probe", async () => {
  bench.destination.answer = () => ({ status: 503 });
  const event = await batch("1", "2", "3", "4", "5");
  const { batchItemFailures } = await start()(event, timeLeft());
  expect(batchItemFailures).toHaveLength(5);
  expect(attempted()).toHaveLength(3);
  expect(await store.read()).toMatchObject({
    status: "open",
    by: "processor",
    reason: "The destination answered 503.",
  });
  expect(lambda.calls).toEqual(["invoke recovery"]);
  const hidden = event.Records.map(({ messageId }) => bench.hiddenSeconds().get(messageId) ?? 0);
  const tried = new Set(attempted());
  event.Records.forEach(({ body }, index) => {
    const id = String((JSON.parse(body) as { id: string }).id);
    if (!tried.has(id)) expect(hidden[index]).toBeGreaterThanOrEqual(58); // 60 s until the first probe, and a slow machine
  });
  expect(logs.metric(metrics.processor.deferred)).toBe(2);
  expect(logs.metric(metrics.processor.retried)).toBe(3);
});

test.each<[string, () => Partial<ProcessorBench["settings"]>, string]>([
  [
    "answers nothing, since nobody listens",
    () => ({ destination: { ...bench.http, url: "http://127.0.0.1:1/" } }),
    "The delivery failed: nobody listens at the destination's address and port (ECONNREFUSED).",
  ],
  [
    "answers nothing in time",
    () => {
      bench.destination.answer = () => "hang";
      return { destination: { ...bench.http, timeoutMilliseconds: 50 } };
    },
    "The delivery took longer than 50 ms.",
  ],
  [
    "refuses every event alike",
    () => {
      bench.destination.answer = () => ({ status: 400 });
      return {};
    },
    "The destination answered 400 to 3 different events in a row.",
  ],
])("a destination that %s opens it too", async (_how, changes, reason) => {
  await start(changes())(await batch("1", "2", "3"), timeLeft());
  expect(await store.read()).toMatchObject({ status: "open", reason });
});

test("an open breaker asks the destination nothing", async () => {
  await store.tell({ kind: "outage", reason: "503" });
  const event = await batch("1", "2");
  expect((await start()(event, timeLeft())).batchItemFailures).toHaveLength(2);
  expect(attempted()).toEqual([]);
});

test("on its last receive, an event is put back with its receives uncounted instead of becoming a dead letter", async () => {
  await store.tell({ kind: "outage", reason: "503" });
  const event = receivedAgain(await batch("held"), 5);
  expect(await start()(event, timeLeft())).toEqual({ batchItemFailures: [] });
  const [copy, original] = bench.cloud.messages();
  expect(copy?.body).toBe(original?.body);
  expect(copy?.attributes).toMatchObject({
    attempts: "0",
    redrives: "0",
    event_id: idFor("held"),
    source: "webhook",
  });
  expect(bench.cloud.messages("dead-letter")).toEqual([]);
});

test("put back, it does not keep the reason that a move task brought along", async () => {
  await store.tell({ kind: "outage", reason: "503" });
  const event = receivedAgain(await batch("held"), 5);
  const stale = { reason_class: "permanent", RULE_ARN: "arn", own: "kept" };
  for (const record of event.Records) {
    record.messageAttributes = Object.fromEntries(
      Object.entries(stale).map(([name, stringValue]) => [name, { dataType: "String", stringValue }]),
    );
  }
  await start()(event, timeLeft());
  const copy = bench.cloud.messages().find(({ attributes }) => attributes["own"] === "kept");
  expect(copy?.attributes).toMatchObject({ attempts: "0", event_id: idFor("held") });
  expect(Object.keys(copy?.attributes ?? {})).not.toEqual(expect.arrayContaining(["reason_class"]));
  expect(copy?.attributes).not.toHaveProperty("RULE_ARN");
});

test("the failure that opens it does not make a dead letter of its own event either", async () => {
  bench.destination.answer = () => ({ status: 503 });
  const event = receivedAgain(await batch("1", "2", "3"), 5);
  const { batchItemFailures } = await start()(event, timeLeft());
  expect(batchItemFailures).toEqual([]);
  expect(bench.cloud.messages("dead-letter")).toEqual([]);
  expect(
    bench.cloud.messages().filter(({ attributes }) => attributes["event_id"] !== undefined),
  ).toHaveLength(3);
});

test("an id that SQS would not take as an attribute is made fit for one", async () => {
  await store.tell({ kind: "outage", reason: "503" });
  const event = receivedAgain(await batch(`\u0001${"i".repeat(1_000)}`), 5);
  expect(await start()(event, timeLeft())).toEqual({ batchItemFailures: [] });
  const [copy] = bench.cloud.messages();
  expect(copy?.attributes["event_id"]).toMatch(/^webhook\|\*[0-9a-f]{64}~[0-9a-f]{32}$/);
});

test("without room on the queue the event stays where it is", async () => {
  await store.tell({ kind: "outage", reason: "503" });
  const event = receivedAgain(await batch("held"), 5);
  const processor = bench.start({ breaker, queueUrl: `${bench.cloud.endpoint}/000000000000/gone` });
  expect((await processor(event, timeLeft())).batchItemFailures).toHaveLength(1);
});

test("half-open, one delivery asks; its success closes it and the rest follows", async () => {
  await store.tell({ kind: "outage", reason: "503" });
  await store.tell({ kind: "nothing-to-probe" });
  const event = await batch("1", "2", "3", "4");
  let atFirst: string | undefined;
  bench.destination.answer = () => {
    atFirst ??= `${bench.destination.requests.length} at once`;
    return { status: 200 };
  };
  expect(await start({ batchConcurrency: 4 })(event, timeLeft())).toEqual({ batchItemFailures: [] });
  expect(atFirst).toBe("1 at once");
  expect(await store.read()).toMatchObject({ status: "closed", by: "processor" });
});

test("half-open, one failure opens it again and spares the rest", async () => {
  await store.tell({ kind: "outage", reason: "503" });
  await store.tell({ kind: "nothing-to-probe" });
  bench.destination.answer = () => ({ status: 503 });
  const event = await batch("1", "2", "3", "4");
  expect((await start({ batchConcurrency: 4 })(event, timeLeft())).batchItemFailures).toHaveLength(4);
  expect(attempted()).toHaveLength(1);
  expect(await store.read()).toMatchObject({ status: "open", failedProbes: 1 });
});

test("half-open, an event that is turned down is a dead letter, and says nothing of the destination", async () => {
  await store.tell({ kind: "outage", reason: "503" });
  await store.tell({ kind: "nothing-to-probe" });
  bench.destination.answer = () => ({ status: 422 });
  await start()(await batch("1"), timeLeft());
  expect(await store.read()).toMatchObject({ status: "half-open" });
  expect(bench.cloud.messages("dead-letter")).toHaveLength(1);
});

test("half-open after an outage of refusals, one more of them opens it again, and is no dead letter", async () => {
  await store.tell({ kind: "outage", reason: "422", refusedWith: 422 });
  await store.tell({ kind: "nothing-to-probe" });
  bench.destination.answer = () => ({ status: 422 });
  expect((await start()(await batch("1"), timeLeft())).batchItemFailures).toHaveLength(1);
  expect(await store.read()).toMatchObject({ status: "open", refusedWith: 422, failedProbes: 1 });
  expect(bench.cloud.messages("dead-letter")).toEqual([]);
});

test("refused alike, the first few are dead letters, and the rest is held", async () => {
  bench.destination.answer = () => ({ status: 422 });
  const { batchItemFailures } = await start()(await batch("1", "2", "3", "4", "5"), timeLeft());
  expect(batchItemFailures).toHaveLength(3);
  expect(bench.cloud.messages("dead-letter")).toHaveLength(2);
  expect(attempted()).toHaveLength(3);
  expect(await store.read()).toMatchObject({
    status: "open",
    reason: "The destination answered 422 to 3 different events in a row.",
  });
});

describe("a probe", () => {
  const probe = async (event: Awaited<ReturnType<typeof batch>>) =>
    start()({ ...event, probe: true } as typeof event, timeLeft());

  test("delivers although the breaker is open, and deletes what is done", async () => {
    await store.tell({ kind: "outage", reason: "503" });
    bench.destination.answer = ({ headers }) => ({
      status: nameIn(String(headers["x-event-id"])) === "1" ? 200 : 503,
    });
    const event = await batch("1", "2");
    expect(await probe(event)).toMatchObject({
      attempted: 2,
      delivered: 1,
      reason: "The destination answered 503.",
    });
    expect(bench.cloud.messages().map(({ body }) => (JSON.parse(body) as { id: string }).id)).toEqual(["2"]);
  });

  test("makes no dead letter of what is refused or on its last receive", async () => {
    await store.tell({ kind: "outage", reason: "503" });
    bench.destination.answer = ({ headers }) => ({
      status: nameIn(String(headers["x-event-id"])) === "1" ? 422 : 503,
    });
    expect(await probe(receivedAgain(await batch("1", "2"), 5))).toMatchObject({
      attempted: 2,
      delivered: 0,
    });
    expect(bench.cloud.messages("dead-letter")).toEqual([]);
    expect(bench.cloud.messages().length).toBeGreaterThanOrEqual(2);
  });
});

test.each([302, 401, 403, 404, 405, 407, 410, 421, 426])(
  "a destination that answers each of them %i is an outage, not so many bad events",
  async (status) => {
    bench.destination.answer = () => ({ status });
    await start()(await batch("1", "2", "3", "4", "5"), timeLeft());
    expect(attempted()).toHaveLength(3);
    expect(await store.read()).toMatchObject({
      status: "open",
      reason: `The destination answered ${status}.`,
    });
  },
);

test("one event that the destination cannot digest never opens it", async () => {
  const processor = start();
  bench.destination.answer = () => ({ status: 500 });
  await bench.othersSucceed();
  const event = await batch("poisonous");
  for (let count = 1; count <= 5; count++) await processor(receivedAgain(event, count), timeLeft());
  expect(await store.read()).toMatchObject({ status: "closed" });
  expect(bench.cloud.messages("dead-letter")).toHaveLength(1);
});

test("with the state table out of reach events are delivered, and counted as unprotected", async () => {
  const event = await batch("1", "2");
  const processor = bench.start(
    { breaker, idempotencySeconds: 3600 },
    { recovery: lambda.endpoint, state: "http://127.0.0.1:9" }, // discard: nobody listens
  );
  expect(await processor(event, timeLeft())).toEqual({ batchItemFailures: [] });
  expect(attempted().sort()).toEqual(["1", "2"]);
  expect(logs.metric(metrics.processor.unprotected)).toBe(2);
});

test("a duplicate is suppressed and counted, a failed one is tried again", async () => {
  const processor = bench.start({ breaker, idempotencySeconds: 3600 }, { recovery: lambda.endpoint });
  bench.destination.answer = () => ({ status: bench.destination.requests.length === 1 ? 503 : 200 });
  const event = await batch("id");
  expect((await processor(event, timeLeft())).batchItemFailures).toHaveLength(1);
  expect(await processor(receivedAgain(event, 2), timeLeft())).toEqual({ batchItemFailures: [] });
  expect(await processor(await batch("id"), timeLeft())).toEqual({ batchItemFailures: [] });
  expect(attempted()).toEqual(["id", "id"]);
  expect(logs.metric(metrics.processor.duplicates)).toBe(1);
  expect(logs.metric(metrics.processor.delivered)).toBe(1);
});

test("an event that another invocation is delivering waits, and is never a dead letter for it", async () => {
  const processors = [1, 2].map(() =>
    bench.start({ breaker, idempotencySeconds: 3600 }, { recovery: lambda.endpoint }),
  );
  const event = await batch("id");
  let attemptedFirst = () => {};
  const underWay = new Promise<void>((resolve) => {
    attemptedFirst = resolve;
  });
  bench.destination.answer = () => {
    attemptedFirst();
    return "hang";
  };
  const first = processors[0]?.(event, timeLeft(12_000));
  await underWay;
  const second = processors[1]?.(receivedAgain(event, 5), timeLeft());
  expect(await second).toEqual({ batchItemFailures: [] });
  expect(bench.cloud.messages("dead-letter")).toEqual([]);
  expect(bench.cloud.messages()).toHaveLength(2);
  await first;
}, 30_000);
