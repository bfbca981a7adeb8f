import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { DeleteMessageBatchCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { jest } from "@jest/globals";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import fc from "fast-check";
import { logMessages } from "../../../contract/log-messages.ts";
import { metrics } from "../../../contract/metrics.ts";
import { BreakerStore } from "../../../functions/breaker/store.ts";
import type { Destination } from "../../../functions/processor/destinations/destination.ts";
import { processBatch } from "../../../functions/processor/process-batch.ts";
import { countedCalls } from "../../support/calls.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import { envelopeFor, nameIn } from "../../support/envelopes.ts";
import { processorBench, timeLeft, toRecord } from "../../support/processor.ts";
import { processorPorts } from "../../support/processor-ports.ts";

const bench = processorBench();
const logs = capturedLogs();
const calls = countedCalls();

const allDone = { batchItemFailures: [] };
const full = () => timeLeft().getRemainingTimeInMillis;

/** On the queue, in no order that anybody promises. */
async function fill(names: readonly string[]): Promise<void> {
  await Promise.all(names.map((id) => bench.send(envelopeFor("{}", { id }))));
}
let testNumber = 0;
beforeEach(() => testNumber++);
/** The table stays the same, and no test knows another's events. */
const numbered = (count: number) =>
  Array.from({ length: count }, (_, number) => `event-${number}.${testNumber}`);

/** Ten of them, as Lambda hands them over; the others wait. */
async function handedOver(count: number): Promise<SQSEvent> {
  await fill(numbered(count));
  const event = await bench.receive();
  calls.clear();
  return event;
}
const requested = () =>
  bench.destination.requests.map(({ headers }) => nameIn(String(headers["idempotency-key"])));
const received = () => calls.counts().get("sqs ReceiveMessage") ?? 0;
/** What nobody has at the moment. */
const ready = () => bench.cloud.server.inspectQueue("events")?.messages.ready ?? [];

test("a full batch is followed by what else waits, which is deleted when it is done", async () => {
  const event = await handedOver(35);
  expect(await bench.start()(event, timeLeft())).toEqual(allDone);
  expect(requested().sort()).toEqual(numbered(35).sort());
  expect(bench.cloud.messages()).toHaveLength(10); // Lambda's poller deletes its own
  expect(calls.counts().get("sqs DeleteMessageBatch")).toBe(3);
  expect(calls.counts().get("sqs ReceiveMessage")).toBe(4); // the last one brings nothing
  expect(logs.metric(metrics.processor.delivered)).toBe(35);
});

test("a smaller batch says that nothing else waits", async () => {
  const { Records } = await handedOver(20);
  expect(await bench.start()({ Records: Records.slice(1) }, timeLeft())).toEqual(allDone);
  expect(received()).toBe(0);
  expect(requested()).toHaveLength(9);
});

test("one receive that brings few does not end it: a short poll asks some servers only", async () => {
  const event = await handedOver(13);
  expect(await bench.start()(event, timeLeft())).toEqual(allDone);
  expect(requested()).toHaveLength(13);
  expect(received()).toBe(2);
});

test("what fails has its back-off, and is no failure of the batch that Lambda knows", async () => {
  const { Records } = await handedOver(20);
  const own = new Set(Records.map(({ body }) => nameIn(JSON.parse(body).id)));
  const deliver: Destination["deliver"] = async ({ event }) => ({
    status: own.has(nameIn(event.id)) ? 200 : 503,
  });
  const ports = { ...processorPorts(bench, deliver), random: () => 0.9 };
  expect(await processBatch(Records, ports, full())).toEqual(allDone);
  expect(bench.cloud.messages()).toHaveLength(20);
  const others = [...bench.hiddenSeconds()].filter(([id]) =>
    Records.every(({ messageId }) => messageId !== id),
  );
  expect(others).toHaveLength(10);
  for (const [, seconds] of others) expect(seconds).toBeLessThan(60); // the queue's own are 180
  expect(logs.metric(metrics.processor.retried)).toBe(10);
});

test("of any mixture each event ends where it belongs, whoever received it", async () => {
  const statuses = { success: 200, transient: 503, permanent: 422 } as const;
  const outcome = fc.constantFrom(...(Object.keys(statuses) as (keyof typeof statuses)[]));
  const requests: string[] = [];
  const deliver: Destination["deliver"] = async ({ event }) => {
    requests.push(nameIn(event.id));
    return { status: statuses[nameIn(event.id).split(".")[0] as keyof typeof statuses] };
  };
  await fc.assert(
    fc.asyncProperty(
      fc.array(outcome, { minLength: 10, maxLength: 45 }),
      fc.integer({ min: 1, max: 12 }),
      async (chosen, batchConcurrency) => {
        await fill(chosen.map((kind, index) => `${kind}.${index}`));
        // No back-off is so short that it is over before the test.
        const ports = { ...processorPorts(bench, deliver, { batchConcurrency }), random: () => 0.9 };
        while (ready().length > 0) await pollOnce(({ Records }) => processBatch(Records, ports, full()));
        const of = (kind: string) => chosen.filter((each) => each === kind).length;
        expect(requests.splice(0).sort()).toEqual(chosen.map((kind, index) => `${kind}.${index}`).sort());
        expect(bench.cloud.messages("dead-letter")).toHaveLength(of("permanent"));
        expect(bench.cloud.messages().map(({ body }) => nameIn(JSON.parse(body).id).split(".")[0])).toEqual(
          Array(of("transient")).fill("transient"),
        );
        bench.cloud.reset();
      },
    ),
    { numRuns: 25 },
  );
}, 60_000);

/** As Lambda's poller. */
async function pollOnce(handler: (event: SQSEvent) => Promise<SQSBatchResponse>): Promise<void> {
  const event = await bench.receive();
  const { batchItemFailures } = await handler(event);
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  for (const id of failed) expect(event.Records.map(({ messageId }) => messageId)).toContain(id);
  const done = event.Records.filter(({ messageId }) => !failed.has(messageId));
  if (done.length === 0) return;
  await bench.cloud.sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl: bench.cloud.queueUrl,
      Entries: done.map(({ receiptHandle: ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
    }),
  );
}

test("copies are delivered once, in whichever batch they come", async () => {
  const names = [...numbered(12), ...numbered(12), ...numbered(12)];
  await fill(names);
  const event = await bench.receive();
  expect(await bench.start({ idempotencySeconds: 3_600 })(event, timeLeft())).toEqual(allDone);
  expect(requested().sort()).toEqual(numbered(12).sort());
  expect(logs.metric(metrics.processor.duplicates)).toBe(24);
  expect(logs.metric(metrics.processor.unprotected)).toBe(0);
});

test("batches that overlap are noted together", async () => {
  const event = await handedOver(60);
  expect(await bench.start({ idempotencySeconds: 3_600 })(event, timeLeft())).toEqual(allDone);
  expect(logs.metric(metrics.processor.delivered)).toBe(60);
  expect(calls.counts().get("dynamodb BatchExecuteStatement")).toBe(6);
  const { client, table: TableName } = bench.state;
  const { Items: items = [] } = await client.send(new ScanCommand({ TableName }));
  expect(items.filter(({ places }) => places?.SS?.length === 60)).toHaveLength(1);
});

describe("nothing more is taken", () => {
  const nothing = async (...settings: Parameters<typeof bench.start>) => {
    const event = await handedOver(20);
    const { batchItemFailures } = await bench.start(...settings)(event, timeLeft());
    expect(received()).toBe(0);
    return batchItemFailures;
  };

  test("where deliveries are paced", async () => {
    await nothing({ pauseMilliseconds: 1 });
  });

  test("where nothing succeeds", async () => {
    bench.destination.answer = () => ({ status: 503 });
    expect(await nothing()).toHaveLength(10);
  });

  test("once one has failed", async () => {
    let at = 0;
    bench.destination.answer = () => ({ status: ++at === 1 ? 503 : 200 });
    expect(await nothing({ batchConcurrency: 1 })).toHaveLength(1);
  });

  test("with as much in hand as Lambda hands over at most", async () => {
    const { Records } = await handedOver(20);
    const large = Records.map((record) => ({ ...record, body: record.body + " ".repeat(640 * 1024) }));
    expect(await bench.start()({ Records: large }, timeLeft())).toEqual(allDone);
    expect(received()).toBe(0);
  });

  test("by a probe", async () => {
    const probe = { ...(await handedOver(20)), probe: true };
    expect(await bench.start()(probe, timeLeft())).toMatchObject({ delivered: 10 });
    expect(requested()).toHaveLength(10);
    expect(received()).toBe(0);
  });

  test("once others have opened the breaker", async () => {
    const { client, table } = bench.state;
    const store = new BreakerStore(client, table, { baseSeconds: 60, capSeconds: 900 });
    const now = Date.now.bind(Date);
    let asked = false;
    bench.destination.answer = async () => {
      if (!asked) {
        asked = true;
        await store.tell({ kind: "outage", reason: "Down." });
        jest.spyOn(Date, "now").mockImplementation(() => now() + 6_000); // what was known of it is old by then
      }
      return { status: 200 };
    };
    try {
      await nothing({ batchConcurrency: 1 });
    } finally {
      jest.restoreAllMocks();
    }
  });

  test("where it could not be begun in time, were all as slow as the slowest so far", async () => {
    const { Records } = await handedOver(20);
    let at = Date.now();
    let remaining = 30_000;
    const deliver: Destination["deliver"] = async () => {
      at += 4_000;
      remaining -= 100;
      return { status: 200 };
    };
    const ports = { ...processorPorts(bench, deliver), now: () => new Date(at) };
    expect(await processBatch(Records, ports, () => remaining)).toEqual(allDone);
    expect(received()).toBe(0);
  });
});

test("for fifteen seconds, however much waits and however long the invocation may last", async () => {
  const { Records } = await handedOver(60);
  let at = Date.now();
  let delivered = 0;
  const deliver: Destination["deliver"] = async () => {
    if (++delivered === 25) at += 15_000;
    return { status: 200 };
  };
  const ports = { ...processorPorts(bench, deliver, { batchConcurrency: 1 }), now: () => new Date(at) };
  expect(await processBatch(Records, ports, () => 900_000)).toEqual(allDone);
  expect(delivered).toBeLessThan(50);
  expect(ready()).toHaveLength(60 - delivered);
});

describe("what was taken, and not reached in time,", () => {
  const late = async (settings: Parameters<typeof bench.start>[0]) => {
    const event = await handedOver(20);
    let left = 30_000;
    bench.destination.answer = () => {
      if (requested().length > 10) left = 6_000; // no delivery of 5 s ends in it, with its back-off
      return { status: 200 };
    };
    const handler = bench.start({ batchConcurrency: 2, idempotencySeconds: 3_600, ...settings });
    expect(await handler(event, { getRemainingTimeInMillis: () => left })).toEqual(allDone);
    const missing = 20 - requested().length;
    expect(missing).toBeGreaterThan(0);
    expect(ready()).toHaveLength(missing);
    return { missing, handler };
  };

  test("is to be had at once, without an attempt and without a lock", async () => {
    const { missing, handler } = await late({});
    expect(logs.logs().filter(({ message }) => message === logMessages.notReached)).toHaveLength(missing);
    expect(logs.metric(metrics.processor.deferred)).toBe(missing);
    bench.destination.answer = () => ({ status: 200 });
    expect(await handler(await bench.receive(), timeLeft())).toEqual(allDone);
    expect(requested().sort()).toEqual(numbered(20).sort());
    expect(logs.metric(metrics.processor.duplicates)).toBe(0);
  });

  test("is to be had at once, too, where SQS hands it over when nothing more is begun", async () => {
    const { Records } = await handedOver(20);
    let left = 30_000;
    let delivered = 0;
    const asked = Promise.withResolvers<void>();
    const handsOver = Promise.withResolvers<void>();
    const deliver: Destination["deliver"] = async () => {
      if (++delivered === 2) {
        await asked.promise;
        left = 6_000; // no delivery of 5 s ends in it, with its back-off
        setTimeout(handsOver.resolve, 100);
      }
      return { status: 200 };
    };
    const ports = processorPorts(bench, deliver, { batchConcurrency: 1 });
    ports.sqs.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const answer = await next(args);
          if (commandName !== "ReceiveMessageCommand") return answer;
          asked.resolve();
          await handsOver.promise;
          return answer;
        },
      { step: "initialize" },
    );
    const { batchItemFailures } = await processBatch(Records, ports, () => left);
    expect(batchItemFailures).toHaveLength(8);
    expect(received()).toBe(1);
    expect(ready()).toHaveLength(10);
  });

  test("is put back with its receives uncounted where it was received for the last time", async () => {
    const { missing } = await late({ maxReceiveCount: 1 });
    const requeued = logs.logs().filter(({ message }) => message === logMessages.requeued);
    expect(requeued).toHaveLength(missing);
    expect(requeued[0]).toMatchObject({ deferred: "no-time", attempt: 0 });
    expect(bench.cloud.messages()).toHaveLength(10 + missing); // the first ones are Lambda's to delete
  });
});

describe("with SQS out of order", () => {
  /** SQS as it is, but for one operation. */
  function broken(sqs: SQSClient, command: new (input: never) => object): void {
    sqs.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (`${commandName}` === command.name) throw Object.assign(new Error("No."), { name: "Broken" });
          return next(args);
        },
      { step: "initialize" },
    );
  }
  const run = async (command: new (input: never) => object, count: number) => {
    const { Records } = await handedOver(count);
    const delivered: string[] = [];
    const ports = processorPorts(
      bench,
      async ({ event }) => {
        delivered.push(nameIn(event.id));
        return { status: 200 };
      },
      { idempotencySeconds: 3_600 },
    );
    broken(ports.sqs, command);
    expect(await processBatch(Records, ports, full())).toEqual(allDone);
    return delivered;
  };

  test("that gives nothing more, the batch is delivered all the same, and it is said once", async () => {
    expect(await run(ReceiveMessageCommand, 20)).toHaveLength(10);
    expect(logs.logs().filter(({ level }) => level === "WARN")).toEqual([
      expect.objectContaining({ reason: "Broken" }),
    ]);
  });

  test("that deletes nothing, each event comes again, and is told as a duplicate", async () => {
    expect(await run(DeleteMessageBatchCommand, 20)).toHaveLength(20);
    expect(logs.logs().filter(({ level }) => level === "WARN")).toHaveLength(10);
    const waiting = bench.cloud.messages();
    expect(waiting).toHaveLength(20);
    const again = waiting.map(({ body }, index) =>
      toRecord({ MessageId: `m-${index}`, ReceiptHandle: `r-${index}`, Body: body }),
    );
    expect(await bench.start({ idempotencySeconds: 3_600 })({ Records: again }, timeLeft())).toEqual(allDone);
    expect(requested()).toEqual([]);
  });
});
