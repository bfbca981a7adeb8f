import { capturedLogs } from "../../support/captured-logs.ts";
import { envelopeFor } from "../../support/envelopes.ts";
import { processorBench, timeLeft } from "../../support/processor.ts";

/** One line a batch: what nearly every batch has is counted in it by CloudWatch, and only the rest declares itself. */

const bench = processorBench();
const logs = capturedLogs();

async function process(ids: readonly string[], logLevel: "INFO" | "WARN" = "INFO") {
  for (const id of ids) await bench.send(envelopeFor("{}", { id, received_at: new Date().toISOString() }));
  await bench.start({ logLevel })(await bench.receive(), timeLeft());
  const { _aws, ...line } = logs.lines().at(-1) ?? {};
  const { CloudWatchMetrics: [{ Metrics }] = [{ Metrics: [] }] } = (_aws ?? {}) as {
    readonly CloudWatchMetrics?: readonly [{ readonly Metrics: readonly { readonly Name: string }[] }];
  };
  return { line, declared: Metrics.map(({ Name }) => Name) };
}

const common = { timestamp: expect.any(String), service: "processor", environment: "test" };
const message = "Batch processed";
const age = expect.any(Number);

test("of a batch that was delivered it says how many and how old, and declares nothing", async () => {
  const { line, declared } = await process(["a", "b", "c"]);
  expect(line).toEqual({ message, ...common, EventsDelivered: 3, OldestDeliveredAge: age });
  expect(declared).toEqual([]);
  expect(logs.metric("EventsDelivered")).toBe(3);
  expect(logs.lines().map((each) => each["message"])).toEqual([...Array(3).fill("Event delivered"), message]);
});

test("what else became of a batch stands in the same line, declared, and what is counted is counted once", async () => {
  bench.destination.answer = ({ headers }) => ({
    status: String(headers["idempotency-key"]).startsWith("webhook|b") ? 503 : 200,
  });
  const { line, declared } = await process(["a", "b"]);
  expect(line).toEqual({
    ...{ message, ...common, EventsDelivered: 1, OldestDeliveredAge: age },
    ...{ EventsRetried: 1, OldestUndeliveredAge: age },
  });
  expect(declared).toEqual(["EventsRetried", "OldestUndeliveredAge"]);
  expect(logs.metric("EventsDelivered")).toBe(1);
});

test("of a batch without a delivery it has no field to count", async () => {
  bench.destination.answer = () => ({ status: 503 });
  const { line } = await process(["a"]);
  expect(line).toEqual({ message, ...common, EventsRetried: 1, OldestUndeliveredAge: age });
});

test("where batches have no line, they are counted all the same", async () => {
  const { line, declared } = await process(["a"], "WARN");
  const { timestamp: _, ...origin } = common;
  expect(line).toEqual({ ...origin, EventsDelivered: 1, OldestDeliveredAge: age });
  expect(declared).toEqual(["EventsDelivered", "OldestDeliveredAge"]);
});
