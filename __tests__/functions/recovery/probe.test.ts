import { capturedLogs } from "../../support/captured-logs.ts";
import { nameIn } from "../../support/envelopes.ts";
import { receiveMessages } from "../../support/fauxqs.ts";
import { forEachTest } from "../../support/hooks.ts";
import { startRecoveryBench } from "../../support/recovery.ts";

const bench = forEachTest(startRecoveryBench);
capturedLogs(); // nothing of it is looked at

const posted = () =>
  bench.destination.requests.map(
    ({ method, headers }) => `${method} ${nameIn(String(headers["x-event-id"]))}`,
  );
const open = () => bench.breaker.tell({ kind: "outage", reason: "The destination answered 503." });

test("an event that waits is delivered, deleted, and closes the breaker; nothing but its POST is sent", async () => {
  await bench.event("waits");
  await open();
  await bench.run();
  expect(posted()).toEqual(["POST waits"]);
  expect(await bench.breaker.read()).toMatchObject({ status: "closed", by: "recovery" });
  expect(bench.cloud.messages()).toEqual([]);
  expect(bench.lambda.state).toBe("Enabled");
});

test("as long as none is delivered it stays open, and the events come again", async () => {
  for (const id of ["1", "2", "3"]) await bench.event(id);
  bench.destination.answer = () => ({ status: 302 });
  await open();
  await bench.run();
  expect(posted().sort()).toEqual(["POST 1", "POST 2", "POST 3"]);
  expect(await bench.breaker.read()).toMatchObject({
    status: "open",
    reason: "The destination answered 503.",
    lastProbe: { reason: "The destination answered 302." },
  });
  expect(bench.cloud.messages()).toHaveLength(3);
  expect(bench.cloud.messages("dead-letter")).toEqual([]);
});

test.each([
  [1, 4, [1, 1, 1, 1]],
  [4, 12, [4, 4, 2]],
  [10, 12, [10]],
  [20, 12, [10]],
])(
  "a processor that makes %i deliveries at once is given no more than those, and ten in all, of %i: %j",
  async (batchConcurrency, waiting, sizes) => {
    for (let id = 0; id < waiting; id++) await bench.event(`${id}`);
    const given: number[] = [];
    bench.lambda.invoke = async (_name, event) => {
      const { length } = (event as { readonly Records: readonly unknown[] }).Records;
      given.push(length);
      return { attempted: length, delivered: 0, reason: "The destination answered 503." };
    };
    await open();
    await bench.run({ settings: { batchConcurrency } });
    expect(given).toEqual(sizes);
  },
);

test("one that is delivered among several that fail is enough: they are not the destination's fault", async () => {
  for (let event = 0; event < 9; event++) await bench.event(`bad-${event}`, "bad");
  await bench.event("good", "good");
  bench.destination.answer = ({ headers }) => ({ status: headers["x-event-type"] === "good" ? 200 : 500 });
  await open();
  await bench.run();
  expect(await bench.breaker.read()).toMatchObject({ status: "closed" });
  expect(bench.cloud.messages()).toHaveLength(9);
});

test("what is refused for good while the breaker is open is nobody's dead letter", async () => {
  await bench.event("refused");
  bench.destination.answer = () => ({ status: 422 });
  await open();
  await bench.run();
  expect(await bench.breaker.read()).toMatchObject({ status: "open", failedProbes: 1 });
  expect(bench.cloud.messages("dead-letter")).toEqual([]);
  expect(bench.cloud.messages()).toHaveLength(1);
});

test("a processor that fails leaves the events visible, and says so", async () => {
  await bench.event("waits");
  bench.lambda.invoke = () => Promise.reject(new Error("it does not load"));
  await open();
  await bench.run();
  expect(await bench.breaker.read()).toMatchObject({
    status: "open",
    lastProbe: { reason: "The processor did not answer: Unhandled." },
  });
  expect(await receiveMessages(bench.cloud)).toHaveLength(1);
});
