import fc from "fast-check";
import { PermanentError } from "../../../contract/event/failure.ts";
import { logMessages } from "../../../contract/log-messages.ts";
import type { Delivery, Destination } from "../../../functions/processor/destinations/destination.ts";
import type { Ports } from "../../../functions/processor/ports.ts";
import { processBatch } from "../../../functions/processor/process-batch.ts";
import { Pace } from "../../../functions/runtime/pace.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import { envelopeFor, nameIn } from "../../support/envelopes.ts";
import { processorBench, timeLeft, toRecord } from "../../support/processor.ts";
import { processorPorts } from "../../support/processor-ports.ts";

const bench = processorBench();
const logs = capturedLogs();

/** Everything real but the destination, which does as the event's id says. */
const ports = (deliver: Destination["deliver"], changes: Partial<Ports["settings"]> = {}) =>
  processorPorts(bench, deliver, changes);

function recordFor(id: string, index = 0) {
  return toRecord({ MessageId: `m-${index}`, ReceiptHandle: `r-${index}`, Body: envelopeFor("{}", { id }) });
}

const failures = (...ids: string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});
const full = () => timeLeft().getRemainingTimeInMillis;

/** Every way in which a record can go, and whether it may then be deleted. */
const outcomes = {
  success: { deleted: true, deliver: () => ({ status: 200 }) },
  handled: { deleted: true, deliver: () => undefined },
  transient: { deleted: false, deliver: () => ({ status: 503 }) },
  permanent: { deleted: true, deliver: () => ({ status: 422 }) },
  rejected: {
    deleted: true,
    deliver: () => {
      throw new PermanentError("No.");
    },
  },
  crash: {
    deleted: false,
    deliver: () => {
      throw new RangeError("poison");
    },
  },
  nonsense: {
    deleted: false,
    deliver: () => {
      throw null;
    },
  },
  poison: { deleted: false, deliver: () => ({ status: 200 }) },
} as const;
type OutcomeKind = keyof typeof outcomes;

/** A record that is not even one: whatever is read of it throws. */
function poison(index: number) {
  return new Proxy(recordFor("poison", index), {
    get(target, key) {
      if (key === "messageId") return target.messageId;
      throw new Error("poison");
    },
  });
}

test("of any mixture, exactly the failures come again", async () => {
  const deliver = async ({ event }: Delivery) => {
    await new Promise(setImmediate);
    return outcomes[nameIn(event.id) as OutcomeKind].deliver();
  };
  const outcome = fc.constantFrom(...(Object.keys(outcomes) as OutcomeKind[]));
  await fc.assert(
    fc.asyncProperty(
      fc.array(outcome, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 12 }),
      async (chosen, batchConcurrency) => {
        const records = chosen.map((id, index) => (id === "poison" ? poison(index) : recordFor(id, index)));
        const expected = chosen.flatMap((id, index) => (outcomes[id].deleted ? [] : [`m-${index}`]));
        const response = await processBatch(records, ports(deliver, { batchConcurrency }), full());
        expect(response).toEqual(failures(...expected));
        const deadLetters = chosen.filter((id) => id === "permanent" || id === "rejected").length;
        expect(bench.cloud.messages("dead-letter")).toHaveLength(deadLetters);
        bench.cloud.reset();
        logs.clear();
      },
    ),
    { numRuns: 40 },
  );
}, 60_000);

test("no more are under way at a time than the configuration says, and no fewer", async () => {
  let now = 0;
  let most = 0;
  const deliver = async () => {
    most = Math.max(most, ++now);
    await new Promise(setImmediate);
    now--;
    return { status: 200 };
  };
  const records = Array.from({ length: 10 }, (_, index) => recordFor("success", index));
  expect(await processBatch(records, ports(deliver, { batchConcurrency: 3 }), full())).toEqual(failures());
  expect(most).toBe(3);
});

test("when the time runs out, no further record is started, and the rest comes again", async () => {
  let remaining = 30_000;
  const started: string[] = [];
  const deliver = ({ event }: Delivery) => {
    started.push(nameIn(event.id));
    remaining -= 12_000;
    return Promise.resolve({ status: 200 });
  };
  const records = ["a", "b", "c", "d"].map((id, index) => recordFor(id, index));
  const response = await processBatch(records, ports(deliver, { batchConcurrency: 1 }), () => remaining);
  // 30 s and 18 s are enough for 5 s of delivery and what follows it, 6 s are not.
  expect(started).toEqual(["a", "b"]);
  expect(response).toEqual(failures("m-2", "m-3"));
  expect(logs.metric("EventsRetried")).toBe(2);
});

test("a success that is not noted by the end of the batch is told, and undoes no delivery", async () => {
  const never = new Promise<never>(() => {});
  const deliver = () => Promise.resolve({ status: 200 });
  const slow = ports(deliver);
  slow.once.run = async (event, run) => {
    const { value } = await run(event);
    return { kind: "ran", value, protected: never, event, otherBytes: false };
  };
  expect(await processBatch([recordFor("a")], slow, () => 400)).toEqual(failures());
  expect(logs.metric("EventsDelivered")).toBe(1);
  expect(logs.metric("DeliveriesUnprotected")).toBe(1);
});

describe("where the destination takes so many a second", () => {
  /** Each turn comes when the test says so. */
  function turns() {
    const waiting: (() => void)[] = [];
    const pace = new Pace(1);
    pace.take = () => new Promise((resolve) => waiting.push(() => resolve(true)));
    return { pace, waiting };
  }
  const delivered: string[] = [];
  const deliver = ({ event }: Delivery) => {
    delivered.push(nameIn(event.id));
    return Promise.resolve({ status: 200 });
  };
  beforeEach(() => delivered.splice(0));

  test("each delivery waits for its turn, and none takes the turn of an event that is not there", async () => {
    const { pace, waiting } = turns();
    const records = ["a", "b"].map((id, index) => recordFor(id, index));
    const done = processBatch(records, { ...ports(deliver, { batchConcurrency: 5 }), pace }, full());
    while (waiting.length < 2) await new Promise(setImmediate);
    expect(delivered).toEqual([]);
    waiting.shift()?.();
    while (delivered.length < 1) await new Promise(setImmediate);
    expect(delivered).toEqual(["a"]);
    waiting.shift()?.();
    expect(await done).toEqual(failures());
    expect(waiting).toEqual([]);
  });

  test("a probe waits for no turn: recovery waits for it as long as for one delivery", async () => {
    const { pace, waiting } = turns();
    const records = ["a", "b", "c"].map((id, index) => recordFor(id, index));
    const probe = { attempted: 0, delivered: 0 };
    expect(await processBatch(records, { ...ports(deliver), pace }, full(), probe)).toEqual(failures());
    expect(probe).toEqual({ attempted: 3, delivered: 3 });
    expect(waiting).toEqual([]);
  });

  test("one whose turn comes when no time is left comes again, without an attempt", async () => {
    const { pace, waiting } = turns();
    let remaining = 30_000;
    const done = processBatch([recordFor("a")], { ...ports(deliver), pace }, () => remaining);
    while (waiting.length < 1) await new Promise(setImmediate);
    remaining = 3_000;
    waiting.shift()?.();
    expect(await done).toEqual(failures("m-0"));
    expect(delivered).toEqual([]);
    expect(logs.logs()).toEqual([]);
  });
});

test("a destination that is slower than the function still gets its chance", async () => {
  const deliver = () => Promise.resolve({ status: 200 });
  const slow = { ...ports(deliver), destination: { timeoutMilliseconds: 60_000, deliver } };
  const records = [recordFor("a", 0), recordFor("b", 1)];
  expect(await processBatch(records, slow, full())).toEqual(failures());
});

test("a delivery that heeds no signal is given up in time for its back-off and for the answer", async () => {
  const signals: AbortSignal[] = [];
  const deliver: Destination["deliver"] = (_, signal) => {
    signals.push(signal);
    return new Promise(() => {});
  };
  const remaining = [10_000, 2_600]; // a quarter of the whole is kept: 100 ms for the delivery
  const response = await processBatch([recordFor("a")], ports(deliver), () => remaining.shift() ?? 0);
  expect(response).toEqual(failures("m-0"));
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  expect(logs.logs()[0]).toMatchObject({ reason: "The delivery took longer than 100 ms." });
});

test("when SQS hangs too, the answer leaves all the same, with the record as a failure", async () => {
  const deliver = () => Promise.resolve({ status: 404 });
  const hanging = ports(deliver);
  hanging.sqs.middlewareStack.add(() => () => new Promise(() => {}), { step: "initialize" });
  const records = [recordFor("a", 0), recordFor("b", 1)];
  expect(await processBatch(records, hanging, () => 400)).toEqual(failures("m-0", "m-1"));
});

test("what nobody expected is logged by message id, without what it said", async () => {
  await processBatch(
    [poison(0)],
    ports(() => Promise.resolve({ status: 200 })),
    full(),
  );
  expect(logs.logs()).toEqual([
    expect.objectContaining({ message: logMessages.retryLater, message_id: "m-0", reason: "Error" }),
  ]);
  expect(logs.text()).not.toContain("poison");
});
