import {
  BatchExecuteStatementCommand,
  type DynamoDBClient,
  GetItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { jest } from "@jest/globals";
import { logMessages } from "../../../contract/log-messages.ts";
import { metrics } from "../../../contract/metrics.ts";
import { BatchStore } from "../../../functions/processor/batch-store.ts";
import { DeliveryLock } from "../../../functions/processor/delivery-lock.ts";
import { LocksAhead } from "../../../functions/processor/locks-ahead.ts";
import type { EventToDeliver } from "../../../functions/processor/memory.ts";
import { MemoryStore } from "../../../functions/processor/memory-store.ts";
import { DeliverOnce, type ReceivedEvent } from "../../../functions/processor/once.ts";
import { Receipts } from "../../../functions/processor/receipt.ts";
import { itemBytes } from "../../../simulation/aws/dynamodb-item.ts";
import { countedCalls } from "../../support/calls.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import type { Script } from "../../support/destination.ts";
import { startStateTable } from "../../support/dynamodb.ts";
import { envelopeFor } from "../../support/envelopes.ts";
import { forEachTest } from "../../support/hooks.ts";
import { heldLogger } from "../../support/log-lines.ts";
import { processorBench, timeLeft } from "../../support/processor.ts";

describe("a batch", () => {
  const bench = processorBench();
  const logs = capturedLogs();
  const calls = countedCalls();

  const names = Array.from({ length: 10 }, (_, index) => `event-${index}`);
  let testNumber = 0;
  beforeEach(() => testNumber++);
  /** The table stays the same, and no test knows another's events. */
  const send = async (...ids: string[]) => {
    for (const id of ids)
      await bench.send(envelopeFor(`{"test":${testNumber}}`, { id: `${id}.${testNumber}` }));
  };
  const environment = (batchConcurrency = 5) => bench.start({ idempotencySeconds: 3_600, batchConcurrency });
  const requested = () =>
    bench.destination.requests
      .map(({ headers }) => String(headers["idempotency-key"]).split(/[|.]/)[1])
      .sort();

  test("is locked in one call, and noted on one receipt, however many events it has", async () => {
    await send(...names);
    const events = await bench.receive();
    expect(events.Records).toHaveLength(10);
    calls.clear();
    expect(await environment()(events, timeLeft())).toEqual({ batchItemFailures: [] });
    const counts = calls.counts();
    expect(counts.get("dynamodb BatchExecuteStatement")).toBe(1);
    expect(counts.get("dynamodb PutItem")).toBeUndefined();
    expect(counts.get("dynamodb UpdateItem")).toBeLessThan(5); // one for each 500 ms that it takes
    expect(logs.metric(metrics.processor.delivered)).toBe(10);
    expect(logs.metric(metrics.processor.unprotected)).toBe(0);
  });

  test("that comes again elsewhere is all duplicates", async () => {
    for (let round = 0; round < 3; round++) {
      await send(...names);
      await environment()(await bench.receive(), timeLeft());
      bench.cloud.reset();
    }
    expect(requested()).toEqual(names);
    expect(logs.metric(metrics.processor.duplicates)).toBe(20);
  });

  test("with copies in it is delivered once each", async () => {
    await send("a", "b", "a", "c", "a", "b");
    const events = await bench.receive();
    expect(await environment()(events, timeLeft())).toEqual({ batchItemFailures: [] });
    expect(requested()).toEqual(["a", "b", "c"]);
    expect(logs.metric(metrics.processor.duplicates)).toBe(3);
  });

  test("gives back the locks on what it did not come to, and counts no attempt of it", async () => {
    await send("a", "b", "c");
    let left = 30_000;
    bench.destination.answer = () => {
      left = 1_000;
      return { status: 200 };
    };
    const events = await bench.receive();
    const { batchItemFailures } = await environment(1)(events, { getRemainingTimeInMillis: () => left });
    expect(batchItemFailures).toHaveLength(2);
    left = 30_000;
    bench.destination.answer = () => ({ status: 503 });
    logs.clear();
    await environment()({ Records: events.Records.slice(1) }, timeLeft());
    const retries = logs.logs().filter(({ message }) => message === logMessages.retryLater);
    expect(retries).toMatchObject([{ attempt: 1 }, { attempt: 1 }]);
  });

  test("is told as delivered by a receipt of its own alone, whatever chance gives two environments", async () => {
    const chance = jest.spyOn(Math, "random").mockReturnValue(0.5);
    await send("a", "b");
    await environment()(await bench.receive(), timeLeft());
    bench.cloud.reset();
    await send("c", "d");
    const events = await bench.receive();
    const { promise: answered, resolve: answer } = Promise.withResolvers<Script>();
    bench.destination.answer = () => answered;
    const atIt = environment()(events, timeLeft());
    while (bench.destination.requests.length < 4) await new Promise(setImmediate);
    expect((await environment()(events, timeLeft())).batchItemFailures).toHaveLength(2); // nobody has taken them yet
    answer({ status: 200 });
    expect(await atIt).toEqual({ batchItemFailures: [] });
    chance.mockRestore();
  });

  test("one of which fails gives its lock back at once, and it is known how often it was tried", async () => {
    await send("a", "b", "c");
    bench.destination.answer = ({ headers }) => ({
      status: String(headers["idempotency-key"]).includes("|b.") ? 503 : 200,
    });
    const { Records: records } = await bench.receive();
    await environment()({ Records: records }, timeLeft());
    await environment()({ Records: records }, timeLeft());
    expect(requested()).toEqual(["a", "b", "b", "c"]);
    const retries = logs.logs().filter(({ message }) => message === logMessages.retryLater);
    expect(retries).toMatchObject([{ attempt: 1 }, { attempt: 2 }]);
    expect(logs.metric(metrics.processor.duplicates)).toBe(2);
  });
});

describe("locks taken ahead", () => {
  const dynamodb = forEachTest(startStateTable);
  const logger = heldLogger();
  let environments = 0;
  let deliveries: string[] = [];
  beforeEach(() => {
    deliveries = [];
  });

  const environment = (client: Pick<DynamoDBClient, "send"> = dynamodb.client) => {
    const given = [client as DynamoDBClient, dynamodb.table] as const;
    const store = new MemoryStore(...given, `environment-${++environments}`);
    return new DeliverOnce(new DeliveryLock(store, new BatchStore(...given)), 3600, logger);
  };
  const event = (id: string, changes: Partial<ReceivedEvent> = {}): ReceivedEvent => ({
    ...{ id, attempts: 0, receiveCount: 1, firstAttemptAt: "2026-11-24T12:00:00.000Z" },
    ...changes,
  });
  const deliver = async ({ id, attempts }: EventToDeliver) => {
    deliveries.push(`${id} ${attempts + 1}`);
    return { value: "success", succeeded: true, requests: 1 };
  };
  const soon = () => Date.now() + 30_000;
  const item = async (id: string) =>
    (await dynamodb.client.send(new GetItemCommand({ TableName: dynamodb.table, Key: { id: { S: id } } })))
      .Item;
  /** All of a batch, as the processor does. */
  const runAll = async (once: DeliverOnce, events: readonly ReceivedEvent[], lockUntil = soon()) => {
    const receipts = new Receipts(once);
    const locks = new LocksAhead(once, events, 5, lockUntil, receipts);
    const results = await Promise.all(
      events.map((one) => once.run(one, deliver, lockUntil, { lockAhead: () => locks.of(one) })),
    );
    receipts.hurry();
    await locks.settle();
    const settled = results.map(async (result) =>
      result.kind === "ran" ? { kind: "ran", protected: await result.protected } : result,
    );
    return Promise.all(settled);
  };
  /** Those of another environment. */
  const locksOf = (events: readonly ReceivedEvent[], lockUntil: number) => {
    const once = environment();
    return new LocksAhead(once, events, 5, lockUntil, new Receipts(once));
  };
  /** A table that does as it likes with locks. */
  const odd = (lock: (send: () => Promise<unknown>) => Promise<unknown>) =>
    ({
      send: (command: never) =>
        (command as object) instanceof BatchExecuteStatementCommand
          ? lock(() => dynamodb.client.send(command))
          : dynamodb.client.send(command),
    }) as Pick<DynamoDBClient, "send">;

  test("of a killed execution end with the time that it had, and count no attempt", async () => {
    const end = Date.now() + 1;
    const killed = locksOf([event("a"), event("b")], end);
    expect(await killed.of(event("a"))).toBeUndefined(); // another object: it is not in the batch
    const events = [event("a"), event("b")];
    await locksOf(events, end).of(events[0] as ReceivedEvent);
    while (Date.now() <= end);
    expect(await environment().run(event("a", { receiveCount: 2 }), deliver, soon())).toMatchObject({
      kind: "ran",
    });
    expect(deliveries).toEqual(["a 1"]);
  });

  test("are no locks any more once their time is over, and a success still counts", async () => {
    const end = Date.now() + 1;
    await runAll(environment(), [event("a"), event("b")], end);
    while (Date.now() <= end);
    expect(await environment().run(event("a"), deliver, soon())).toEqual({ kind: "duplicate" });
  });

  test("keep others off while they last", async () => {
    const events = [event("a"), event("b")];
    await locksOf(events, soon()).of(events[0] as ReceivedEvent);
    for (const { id } of events)
      expect(await environment().run(event(id), deliver, soon())).toEqual({ kind: "in-progress" });
  });

  test("whose answer was lost are found again, and nothing is deferred for them", async () => {
    const lossy = odd(async (send) => {
      await send();
      throw new Error("The answer was lost.");
    });
    const events = [event("a"), event("b"), event("c")];
    expect(await runAll(environment(lossy), events)).toEqual(
      events.map(() => ({ kind: "ran", protected: true })),
    );
    expect(deliveries.sort()).toEqual(["a 1", "b 1", "c 1"]);
    expect(await runAll(environment(), [event("a"), event("b")])).toEqual([
      { kind: "duplicate" },
      { kind: "duplicate" },
    ]);
  });

  test.each<[string, (send: () => Promise<unknown>) => Promise<unknown>]>([
    ["are refused", () => Promise.reject(Object.assign(new Error(), { name: "ValidationException" }))],
    ["are answered by nothing", async () => ({})],
    [
      "fail one by one",
      async () => ({
        Responses: [{ Error: { Code: "ThrottlingError" } }, { Error: { Code: "AccessDenied" } }],
      }),
    ],
  ])("that %s leave each to be locked for itself, and suppress all the same", async (_, lock) => {
    const where = () => environment(odd(lock));
    const events = () => [event("a"), event("b")];
    expect(await runAll(where(), events())).toEqual(events().map(() => ({ kind: "ran", protected: true })));
    expect(await runAll(where(), events())).toEqual(events().map(() => ({ kind: "duplicate" })));
    expect(deliveries.sort()).toEqual(["a 1", "b 1"]);
  });

  test("that come through end a row of slips: one more is no outage of the table", async () => {
    let slips = 1;
    const where = environment({
      send: ((command: never) =>
        slips-- > 0 ? Promise.reject(new Error("A slip.")) : dynamodb.client.send(command)) as never,
    });
    const receipt = where.newReceipt();
    await where.lockAhead([event("a"), event("b")], receipt, soon());
    await where.lockAhead([event("c"), event("d")], receipt, soon());
    slips = 1;
    await where.run(event("e"), deliver, soon());
    expect(where.mayLockAhead).toBe(true);
  });

  test("have a receipt whose writing may slip once: however many successes it tells, it is one slip", async () => {
    let slips = 1;
    const where = environment({
      send: ((command: never) =>
        (command as object) instanceof UpdateItemCommand && slips-- > 0
          ? Promise.reject(new Error("A slip."))
          : dynamodb.client.send(command)) as never,
    });
    const results = await runAll(where, [event("a"), event("b"), event("c")]);
    expect(results).toEqual(Array.from({ length: 3 }, () => ({ kind: "ran", protected: false })));
    expect(where.mayLockAhead).toBe(true);
  });

  test("are asked for what comes for the first time alone", async () => {
    const asked: unknown[] = [];
    const watched = odd((send) => {
      asked.push(1);
      return send();
    });
    await runAll(environment(watched), [event("a", { receiveCount: 2 }), event("b", { attempts: 3 })]);
    await runAll(environment(watched), [event("c")]); // for one alone a receipt saves nothing
    expect(asked).toEqual([]);
    expect(deliveries.sort()).toEqual(["a 1", "b 4", "c 1"]);
  });

  test("of a large batch are taken some at a time, and each event is delivered once", async () => {
    const sizes: number[] = [];
    const client: Pick<DynamoDBClient, "send"> = {
      send: ((command: { input: { Statements?: unknown[] } }) => {
        if (command.input.Statements) sizes.push(command.input.Statements.length);
        return dynamodb.client.send(command as never);
      }) as DynamoDBClient["send"],
    };
    const events = Array.from({ length: 60 }, (_, index) => event(`event-${index}`));
    await runAll(environment(client), events);
    expect(new Set(deliveries).size).toBe(60);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(50);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
    expect(await runAll(environment(), events)).toEqual(events.map(() => ({ kind: "duplicate" })));
  });

  test("last as long as a success is remembered and a message may wait, and their receipt as long as that", async () => {
    const now = Date.now();
    await runAll(environment(), [event("a"), event("b")]);
    const { receipt, expiration } = (await item("a")) ?? {};
    const days = (seconds: string | undefined) => (Number(seconds) - now / 1000) / 86_400;
    expect(days(expiration?.N)).toBeCloseTo(4 + 1 / 24, 2);
    expect(days((await item(receipt?.S ?? ""))?.["expiration"]?.N)).toBeCloseTo(1 / 24, 2);
  });

  test("of a batch of thousands have receipts of one unit of writing each", async () => {
    const events = Array.from({ length: 250 }, (_, index) => event(`event-${index}`));
    await runAll(environment(), events);
    const { Items: items = [] } = await dynamodb.client.send(new ScanCommand({ TableName: dynamodb.table }));
    const receipts = items.filter(({ places }) => places !== undefined);
    expect(receipts.flatMap(({ places }) => places?.SS ?? [])).toHaveLength(250);
    expect(receipts.length).toBeGreaterThan(1);
    expect(Math.max(...receipts.map(itemBytes))).toBeLessThan(1_024);
  });

  test("leave two items and a receipt for two events", async () => {
    await runAll(environment(), [event("a"), event("b")]);
    const { Items: items = [] } = await dynamodb.client.send(new ScanCommand({ TableName: dynamodb.table }));
    expect(items.map(({ places }) => places?.SS?.sort()).filter(Boolean)).toEqual([["1", "2"]]);
    expect(items).toHaveLength(3);
  });
});
