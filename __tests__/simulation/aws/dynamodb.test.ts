import { Table } from "../../../simulation/aws/dynamodb.ts";
import { ModelError } from "../../../simulation/aws/errors.ts";
import { Random } from "../../../simulation/random.ts";
import { DAY, errorOf, SECOND, Simulated } from "../../support/simulated.ts";

const caller = { name: "test", alive: true, hops: 0, die() {} };
let world: Simulated;
let table: Table;
beforeEach(() => {
  world = new Simulated();
  table = new Table("state", "id", world.clock, world.random, "expiration");
});

// biome-ignore lint/suspicious/noExplicitAny: an answer is what the operation's name says
const call = (operation: string, input: object): any =>
  table.operate(operation, { TableName: "state", ...input } as never, caller);
const put = (id: string, more: object = {}, rest: object = {}) =>
  call("PutItem", { Item: { id: { S: id }, ...more }, ...rest });
const get = (id: string, ConsistentRead = true) =>
  call("GetItem", { Key: { id: { S: id } }, ConsistentRead }).Item;
/** How often it goes through before capacity refuses it. */
function throughput(work: () => unknown): number {
  for (let count = 0; ; count++) {
    try {
      work();
    } catch (error) {
      expect((error as Error).name).toBe("ThrottlingException");
      return count;
    }
  }
}

describe("capacity", () => {
  let ids = 0;
  test.each<[string, () => unknown, number]>([
    ["writes of a table", () => put(`${ids++}`), 4_000],
    ["consistent reads of a table", () => get(`${ids++}`), 12_000],
    ["other reads of a table", () => get(`${ids++}`, false), 24_000],
    ["writes of one item", () => put("a"), 1_000],
    ["consistent reads of one item", () => get("a"), 3_000],
    ["writes of an item of 3 KB", () => put("a", { x: { S: "x".repeat(2_500) } }), 333],
    ["conditions that are not met", () => notMet(), 1_000],
  ])("%s, a second", async (_, work, units) => {
    table.restore(new Map([["a", { id: { S: "a" } }]]));
    for (let second = 0; second < 2; second++) {
      expect(throughput(work)).toBe(units);
      await world.pass(SECOND);
    }
    expect(table.throttles).toBe(2);
  });

  const notMet = () => {
    try {
      put("a", {}, { ConditionExpression: "attribute_not_exists(id)" });
    } catch (error) {
      if ((error as Error).name !== "ConditionalCheckFailedException") throw error;
    }
  };

  test("of reads and of writes are two", () => {
    throughput(() => put("a"));
    expect(get("a")).toBeDefined();
  });
});

test("an item is deleted some time after its end, and is there until then", async () => {
  const end = Math.floor(world.clock.now / 1000) + 3_600;
  put("ends", { expiration: { N: String(end) } });
  put("later", { expiration: { N: String(end + 86_400) } });
  put("never");
  await world.pass(2 * 3_600_000);
  expect(get("ends")).toBeDefined(); // who reads has to look at the time
  await world.pass(DAY);
  expect(["ends", "later", "never"].map((id) => get(id) !== undefined)).toEqual([false, true, true]);
});

test("a read that asks for no consistency may get what was there before, for a while", async () => {
  table = new Table("state", "id", world.clock, new Random("stale"));
  put("a", { revision: { N: "1" } });
  await world.pass(2 * SECOND);
  put("a", { revision: { N: "2" } });
  const seen = (consistent: boolean) =>
    new Set(Array.from({ length: 200 }, () => get("a", consistent)?.revision.N));
  expect([...seen(true)]).toEqual(["2"]);
  expect([...seen(false)].sort()).toEqual(["1", "2"]);
  await world.pass(SECOND);
  expect([...seen(false)]).toEqual(["2"]);
});

test("what was read or written is nobody else's to change", () => {
  const item = { id: { S: "a" }, x: { S: "1" } };
  call("PutItem", { Item: item });
  item.x = { S: "2" };
  get("a").x = { S: "3" };
  expect(get("a").x).toEqual({ S: "1" });
});

test("answers hold old and new values where they were asked for", () => {
  put("a", { x: { S: "1" } });
  const update = {
    Key: { id: { S: "a" } },
    UpdateExpression: "SET x = :x",
    ExpressionAttributeValues: { ":x": { S: "2" } },
  };
  expect(call("UpdateItem", update)).toEqual({});
  expect(call("UpdateItem", { ...update, ReturnValues: "ALL_NEW" }).Attributes.x).toEqual({ S: "2" });
  expect(put("a", {}, { ReturnValues: "ALL_OLD" }).Attributes.x).toEqual({ S: "2" });
  expect(call("DeleteItem", { Key: { id: { S: "a" } }, ReturnValues: "ALL_OLD" }).Attributes).toEqual({
    id: { S: "a" },
  });
});

test.each([
  [undefined, undefined],
  ["ALL_OLD", { id: { S: "a" }, x: { S: "1" } }],
])(
  "a condition that is not met tells the item where it was asked for: %s",
  (ReturnValuesOnConditionCheckFailure, item) => {
    put("a", { x: { S: "1" } });
    const condition = {
      ConditionExpression: "attribute_not_exists(id)",
      ReturnValuesOnConditionCheckFailure,
    };
    expect(() => put("a", {}, condition)).toThrow(
      expect.objectContaining({ name: "ConditionalCheckFailedException", Item: item }),
    );
  },
);

test("batches read a hundred and write twenty-five", () => {
  const keys = (count: number) => Array.from({ length: count }, (_, i) => ({ id: { S: String(i) } }));
  const write = (count: number) =>
    call("BatchWriteItem", {
      RequestItems: { state: keys(count).map((Item) => ({ PutRequest: { Item } })) },
    });
  const read = (count: number) => call("BatchGetItem", { RequestItems: { state: { Keys: keys(count) } } });
  write(25);
  expect(read(100).Responses.state).toHaveLength(25);
  expect(errorOf(() => write(26)).name).toBe("ValidationException");
  expect(errorOf(() => read(101)).name).toBe("ValidationException");
  call("BatchWriteItem", { RequestItems: { state: [{ DeleteRequest: { Key: { id: { S: "0" } } } }] } });
  expect(read(100).Responses.state).toHaveLength(24);
});

test.each<[string, () => unknown, string]>([
  ["an item of more than 400 KB", () => put("a", { x: { S: "x".repeat(410_000) } }), "ValidationException"],
  ["a key of another type", () => call("GetItem", { Key: { id: { N: "1" } } }), "ValidationException"],
  [
    "a table that is not there",
    () => call("GetItem", { TableName: "x", Key: {} }),
    "ResourceNotFoundException",
  ],
])("%s is refused", (_, work, name) => {
  expect(errorOf(work)).toEqual({ name, status: 400 });
});

test("a backup comes back as it was, and without one everything is gone", () => {
  put("a");
  const backup = table.snapshot();
  put("b");
  table.restore(backup);
  expect([get("a"), get("b")]).toEqual([{ id: { S: "a" } }, undefined]);
  table.restore();
  expect(get("a")).toBeUndefined();
});

test.each<[string, object]>([
  ["TransactWriteItems", {}],
  ["PutItem", { ConditionExpression: "size(id) > :x" }],
  ["PutItem", { ConditionExpression: "begins_with(id, :x)" }],
  ["PutItem", { ConditionExpression: "id BETWEEN :a AND :b" }],
  ["PutItem", { ConditionExpression: "id = :missing" }],
  ["PutItem", { ConditionExpression: "id = id" }],
  ["UpdateItem", { UpdateExpression: "SET a = list_append(a, :x)" }],
  ["UpdateItem", { UpdateExpression: "SET a = if_not_exists(a, :missing)" }],
  ["UpdateItem", { UpdateExpression: "SET a.b = :x" }],
  ["UpdateItem", { UpdateExpression: "SET a = :missing" }],
])("what the model does not know is no answer of DynamoDB's: %s %j", (operation, input) => {
  const key = { id: { S: "a" } };
  const values = { ":x": { S: "1" }, ":a": { S: "1" }, ":b": { S: "2" } };
  put("a", { a: { S: "1" } });
  expect(() => call(operation, { Item: key, Key: key, ExpressionAttributeValues: values, ...input })).toThrow(
    ModelError,
  );
});
