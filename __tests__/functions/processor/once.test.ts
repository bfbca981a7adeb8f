import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { sha256 } from "../../../contract/event/envelope.ts";
import { bareName, bindToBytes, givenName, repeatedName } from "../../../contract/event/identity.ts";
import { BatchStore } from "../../../functions/processor/batch-store.ts";
import { DeliveryLock } from "../../../functions/processor/delivery-lock.ts";
import type { EventToDeliver } from "../../../functions/processor/memory.ts";
import { MemoryStore } from "../../../functions/processor/memory-store.ts";
import { DeliverOnce, type ReceivedEvent } from "../../../functions/processor/once.ts";
import { startStateTable } from "../../support/dynamodb.ts";
import { forEachTest } from "../../support/hooks.ts";
import { heldLogger } from "../../support/log-lines.ts";

const dynamodb = forEachTest(startStateTable);
const logger = heldLogger();

let environments = 0;

/** One execution environment. */
function environment(client = dynamodb.client, windowSeconds = 3600): DeliverOnce {
  const store = new MemoryStore(client, dynamodb.table, `environment-${++environments}`);
  const lock = new DeliveryLock(store, new BatchStore(client, dynamodb.table));
  return new DeliverOnce(lock, windowSeconds, logger);
}

const START = "2026-11-24T12:00:00.000Z";
const event = (id: string, changes: Partial<ReceivedEvent> = {}): ReceivedEvent => ({
  id,
  attempts: 0,
  receiveCount: 1,
  firstAttemptAt: START,
  ...changes,
});
/** A webhook without an id, received so many seconds after the start of a window of 120 s. */
function repeated(seconds: number, bytes = "bytes"): ReceivedEvent {
  const receivedAt = new Date(Date.parse(START) + seconds * 1000);
  const id = bindToBytes(repeatedName("webhook", [], receivedAt, 120), sha256(bytes));
  return event(id, { receivedAt: receivedAt.getTime() });
}
const given = (value: string, bytes: string) =>
  event(bindToBytes(givenName("webhook", [value]), sha256(bytes)));

/** The deliveries that were made: id and number of each. */
let deliveries: string[] = [];
beforeEach(() => {
  deliveries = [];
});
const deliver =
  (outcome: "success" | "failure", requests = 1) =>
  async ({ id, attempts }: EventToDeliver) => {
    for (let request = 1; request <= requests; request++) deliveries.push(`${id} ${attempts + request}`);
    return { value: outcome, succeeded: outcome === "success", requests };
  };
const soon = () => Date.now() + 30_000;
/** With the success noted, or not: what the next delivery does not wait for. */
async function settled<R extends { kind: string }>(running: Promise<R>) {
  const result = await running;
  return "protected" in result ? { ...result, protected: await result.protected } : result;
}
const run = (what: ReceivedEvent, outcome: "success" | "failure" = "success", where = environment()) =>
  settled(where.run(what, deliver(outcome), soon()));
const ids = () => deliveries.map((delivery) => delivery.replace(/ \d+$/, ""));

test("what has succeeded is not delivered again, in whatever environment", async () => {
  expect(await run(event("id"))).toMatchObject({ kind: "ran", value: "success", protected: true });
  expect(await run(event("id"))).toEqual({ kind: "duplicate" });
  expect(await run(event("other"))).toMatchObject({ kind: "ran" });
  expect(deliveries).toEqual(["id 1", "other 1"]);
});

test("a success is forgotten after the window", async () => {
  const where = environment(dynamodb.client, 0.001);
  await run(event("id"), "success", where);
  const end = Date.now() + 1;
  while (Date.now() <= end);
  await run(event("id"), "success", where);
  expect(deliveries).toEqual(["id 1", "id 1"]);
});

test("what failed is delivered again, and every attempt has its number", async () => {
  for (const outcome of ["failure", "failure", "success"] as const) {
    expect(await run(event("id"), outcome)).toMatchObject({ kind: "ran", value: outcome });
  }
  expect(deliveries).toEqual(["id 1", "id 2", "id 3"]);
});

test("while one is at it, another waits its turn", async () => {
  let inner: unknown;
  await environment().run(
    event("id"),
    async () => {
      inner = await run(event("id"));
      return { value: "success", succeeded: true, requests: 1 };
    },
    soon(),
  );
  expect(inner).toEqual({ kind: "in-progress" });
  expect(deliveries).toEqual([]);
});

test("the lock of a killed execution ends with the time it had, and its attempt counts", async () => {
  let started = () => {};
  const running = new Promise<void>((resolve) => {
    started = resolve;
  });
  const killed = () => {
    started();
    return new Promise<never>(() => {});
  };
  const end = Date.now() + 1;
  void environment().run(event("id"), killed, end);
  await running;
  while (Date.now() <= end);
  await run(event("id"));
  expect(deliveries).toEqual(["id 2"]);
});

test("whoever takes longer than its lock takes nothing back from who came after", async () => {
  const end = Date.now() + 1;
  const late = async () => {
    while (Date.now() <= end);
    await run(event("id"));
    return { value: "failure", succeeded: false, requests: 1 };
  };
  await environment().run(event("id"), late, end);
  expect(await run(event("id"))).toEqual({ kind: "duplicate" });
});

describe("a repetition", () => {
  test.each([
    ["in the same window", 10, 70],
    ["over the border of a window", 110, 150],
    ["that is delivered before the first", 150, 110],
  ])("%s is the same event", async (_, first, second) => {
    await run(repeated(first));
    expect(await run(repeated(second))).toEqual({ kind: "duplicate" });
  });

  test.each([
    ["ten minutes later", 110, 710],
    ["a little over the span later", 10, 131],
    ["of other bytes", 10, 20],
  ])("%s is another event", async (_, first, second) => {
    await run(repeated(first));
    await run(repeated(second, second === 20 ? "others" : "bytes"));
    expect(new Set(ids()).size).toBe(2);
  });

  test("goes out under the id of the first, whose delivery has failed", async () => {
    await run(repeated(110), "failure");
    expect(await run(repeated(150))).toMatchObject({ event: { id: repeated(110).id } });
    expect(deliveries).toEqual([`${repeated(110).id} 1`, `${repeated(110).id} 2`]);
  });

  test("of a later event of the same bytes is that one", async () => {
    for (const seconds of [0, 710, 730, 1_400, 1_430]) await run(repeated(seconds));
    expect(ids()).toEqual([repeated(0).id, repeated(710).id, repeated(1_400).id]);
  });

  test.each([[[0, 110, 130]], [[110, 130, 0]], [[130, 110, 0]], [[110, 0, 130]]])(
    "and another event that is near it alone are two, processed in the order %j",
    async (order) => {
      for (const seconds of order) await run(repeated(seconds));
      expect(new Set(ids()).size).toBe(2);
      expect(deliveries).toHaveLength(2);
      for (const seconds of order) expect(await run(repeated(seconds))).toEqual({ kind: "duplicate" });
    },
  );

  test("whose delivery has failed is counted when the first is delivered in its place", async () => {
    await run(repeated(110), "failure");
    await run(repeated(0));
    await run(repeated(130));
    expect(new Set(ids()).size).toBe(2);
    expect(await run(repeated(110))).toEqual({ kind: "duplicate" });
  });

  test("an event that goes out in the place of another comes again until it is delivered", async () => {
    await run(repeated(110));
    expect(await run(repeated(130))).toEqual({ kind: "duplicate" });
    await run(repeated(0), "failure");
    expect(await run(repeated(0))).toMatchObject({
      kind: "ran",
      event: { id: repeated(130).id, attempts: 2 },
    });
    for (const seconds of [0, 110, 130]) expect(await run(repeated(seconds))).toEqual({ kind: "duplicate" });
  });

  test("that is delivered when the first is no longer remembered goes out under its id all the same", async () => {
    const where = environment(dynamodb.client, 0.001);
    await run(repeated(110), "success", where);
    const end = Date.now() + 1;
    while (Date.now() <= end);
    expect(await run(repeated(150), "success", where)).toMatchObject({ event: { id: repeated(110).id } });
    expect(deliveries).toEqual([`${repeated(110).id} 1`, `${repeated(110).id} 1`]);
  });

  test("at the same time waits, and has one id whoever is first", async () => {
    const all = [110, 115, 125, 150].map((seconds) => run(repeated(seconds)));
    const kinds = (await Promise.all(all)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "ran")).toHaveLength(1);
    for (const seconds of [110, 150]) expect(await run(repeated(seconds))).toEqual({ kind: "duplicate" });
  });

  test("a thousand events of the same bytes, minutes apart, leave an item of bounded size", async () => {
    const where = environment();
    for (let minute = 0; minute < 120; minute += 4) await run(repeated(minute * 60), "failure", where);
    expect(new Set(ids()).size).toBe(30);
    await run(repeated(116 * 60 + 10), "failure", where);
    expect(new Set(ids()).size).toBe(30);
  });
});

describe("one id and other bytes", () => {
  test("are two events, each delivered once, and told of once", async () => {
    const [one, other] = [given("7", "one"), given("7", "other")];
    expect(await run(one)).toMatchObject({ kind: "ran", otherBytes: false });
    expect(await run(other, "failure")).toMatchObject({ kind: "ran", otherBytes: true });
    expect(await run(other)).toMatchObject({ kind: "ran", otherBytes: false });
    expect(await run(one)).toEqual({ kind: "duplicate" });
    expect(await run(other)).toEqual({ kind: "duplicate" });
    expect(deliveries).toEqual([`${one.id} 1`, `${other.id} 1`, `${other.id} 2`]);
  });

  test("without an id there is nothing to tell of", async () => {
    const bare = (bytes: string) => event(bindToBytes(bareName("webhook"), sha256(bytes)));
    await run(bare("one"));
    expect(await run(bare("other"))).toMatchObject({ otherBytes: false });
  });
});

describe("attempts", () => {
  test("are requests: an attempt that came to none does not count, one that took two counts twice", async () => {
    const where = environment();
    await where.run(event("id"), deliver("failure", 0), soon());
    await where.run(event("id"), deliver("failure", 2), soon());
    const result = await where.run(event("id"), deliver("success"), soon());
    expect(deliveries).toEqual(["id 1", "id 2", "id 3"]);
    expect(result).toMatchObject({ event: { attempts: 3 } });
  });

  test("of earlier lives count on, by the message or by the table, whichever knows more", async () => {
    await run(event("id", { attempts: 10 }), "failure");
    await run(event("id", { attempts: 10, receiveCount: 4 }), "failure");
    await run(event("id", { attempts: 2 }), "failure");
    await run(event("id", { attempts: 30 }), "failure");
    expect(deliveries).toEqual(["id 11", "id 12", "id 13", "id 31"]);
  });

  test("the first of all is remembered", async () => {
    await run(event("id"), "failure");
    const later = event("id", { firstAttemptAt: "2026-11-25T12:00:00.000Z" });
    expect(await run(later)).toMatchObject({ event: { firstAttemptAt: START } });
  });
});

describe("without a window", () => {
  const lean = () => environment(dynamodb.client, 0);

  test("everything is delivered, and what fails still counts", async () => {
    for (const receiveCount of [1, 2, 3]) await run(event("id", { receiveCount }), "failure", lean());
    await run(event("id"), "success", lean());
    await run(event("id"), "success", lean());
    expect(deliveries).toEqual(["id 1", "id 2", "id 3", "id 1", "id 1"]);
  });

  test("what fails in a later life counts on from the one before", async () => {
    await run(event("id"), "failure", lean());
    await run(event("id", { attempts: 1 }), "failure", lean());
    await run(event("id", { attempts: 1, receiveCount: 2 }), "failure", lean());
    expect(deliveries).toEqual(["id 1", "id 2", "id 3"]);
  });

  test("a first receive that succeeds asks the table nothing", async () => {
    expect(await run(event("id"), "success", environment(nowhere(), 0))).toMatchObject({ protected: true });
  });
});

function nowhere(): DynamoDBClient {
  return new DynamoDBClient({
    endpoint: "http://127.0.0.1:1",
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
}

test("with the table out of reach it is delivered all the same, only once, and receives count", async () => {
  const result = await run(event("id", { attempts: 5, receiveCount: 3 }), "success", environment(nowhere()));
  expect(result).toMatchObject({ kind: "ran", value: "success", protected: false });
  expect(deliveries).toEqual(["id 8"]);
});

test("one slip of the table is no outage: the next event is looked up again, and after two none for a while", async () => {
  const client = new DynamoDBClient({
    endpoint: dynamodb.endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
  let failures = 1;
  let calls = 0;
  client.middlewareStack.add(
    (next) => (args) => {
      calls++;
      return failures-- > 0 ? Promise.reject(new Error("gone")) : next(args);
    },
    { step: "initialize" },
  );
  const where = environment(client);
  expect(await run(event("one"), "success", where)).toMatchObject({ protected: false });
  expect(await run(event("two"), "success", where)).toMatchObject({ protected: true });
  failures = 2;
  for (const id of ["three", "four"]) {
    expect(await run(event(id), "success", where)).toMatchObject({ protected: false });
  }
  calls = 0;
  expect(await run(event("five"), "success", where)).toMatchObject({ protected: false });
  expect(calls).toBe(0);
});

test("a success is given back before it is noted; a copy in the same environment waits for that, and is one", async () => {
  let note = () => {};
  const noted = new Promise<void>((resolve) => {
    note = resolve;
  });
  const client = new DynamoDBClient({
    endpoint: dynamodb.endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === "PutItemCommand") await noted;
        return next(args);
      },
    { step: "initialize" },
  );
  const where = environment(client);
  const first = await where.run(event("id"), deliver("success"), soon());
  expect(first).toMatchObject({ kind: "ran", value: "success" });
  const copy = run(event("id"), "success", where);
  expect(await run(event("id"), "success")).toEqual({ kind: "in-progress" }); // elsewhere it is still locked
  note();
  expect(await copy).toEqual({ kind: "duplicate" });
  expect(deliveries).toEqual(["id 1"]);
  client.destroy();
});

test("a table that fails after the delivery does not undo it", async () => {
  const client = new DynamoDBClient({
    endpoint: dynamodb.endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
  const outcome = await settled(
    environment(client).run(
      event("id"),
      async () => {
        client.destroy();
        client.middlewareStack.add(() => () => Promise.reject(new Error("gone")), { step: "initialize" });
        return { value: "success", succeeded: true, requests: 1 };
      },
      soon(),
    ),
  );
  expect(outcome).toMatchObject({ kind: "ran", value: "success", protected: false });
});

test("a writing whose answer was lost is found again when the SDK tries once more", async () => {
  const client = new DynamoDBClient({
    endpoint: dynamodb.endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
  client.middlewareStack.add(
    (next) => async (args) => {
      await next(args); // it takes effect, and the answer is lost
      return next(args);
    },
    { step: "finalizeRequest" },
  );
  expect(await run(event("id"), "failure", environment(client))).toMatchObject({ protected: true });
  expect(await run(event("id"), "success", environment(client))).toMatchObject({ protected: true });
  expect(deliveries).toEqual(["id 1", "id 2"]);
  expect(await run(event("id"))).toEqual({ kind: "duplicate" });
});
