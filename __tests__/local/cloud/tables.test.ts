import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BatchExecuteStatementCommand,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { LocalCloud } from "../../../local/cloud/cloud.ts";
import { deleteExpired } from "../../../local/cloud/expiry.ts";
import { provision } from "../../../local/cloud/provision.ts";
import { openTables } from "../../../local/cloud/tables.ts";
import type { LocalStack } from "../../../local/stack/model.ts";

let folder: string;
let cloud: LocalCloud;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tables-"));
  cloud = await LocalCloud.start("eu-west-1", folder);
  await provision(stack, cloud);
});
afterEach(async () => {
  await cloud.stop();
  await rm(folder, { recursive: true, force: true });
});

const stack: LocalStack = {
  region: "eu-west-1",
  queues: [],
  buckets: [],
  tables: [
    {
      address: "aws_dynamodb_table.state",
      name: "state",
      hashKey: "id",
      rangeKey: undefined,
      attributes: { id: "S" },
      expiresBy: "expiration",
    },
  ],
  parameters: [],
  functions: [],
  routes: [],
  mappings: [],
  schedules: [],
  eventRules: [],
  outputs: {},
  alarms: [],
  countedAnswers: [],
  roles: [],
  resourcePolicies: [],
};

const put = (id: string, more = {}) =>
  cloud.dynamodb.send(new PutItemCommand({ TableName: "state", Item: { id: { S: id } }, ...more }));
const get = async (id: string) =>
  (await cloud.dynamodb.send(new GetItemCommand({ TableName: "state", Key: { id: { S: id } } }))).Item;

test("a restart loses no item, and finds its table", async () => {
  await put("a");
  await cloud.stop();
  cloud = await LocalCloud.start("eu-west-1", folder);
  await provision(stack, cloud);
  expect(await get("a")).toEqual({ id: { S: "a" } });
});

test("conditions count", async () => {
  const once = { ConditionExpression: "attribute_not_exists(id)" };
  await put("a", once);
  await expect(put("a", once)).rejects.toMatchObject({ name: "ConditionalCheckFailedException" });
});

test("PartiQL inserts each item that is not there yet, and says which was", async () => {
  await put("a", { Item: { id: { S: "a" }, text: { S: "first" } } });
  const insert = (table: string, id: string) => ({
    Statement: `INSERT INTO "${table}" VALUE {'id': ?, 'text': ?}`,
    Parameters: [{ S: id }, { S: "inserted" }],
  });
  const { Responses: responses } = await cloud.dynamodb.send(
    new BatchExecuteStatementCommand({
      Statements: [insert("state", "a"), insert("state", "b"), insert("elsewhere", "c")],
    }),
  );
  expect(responses).toMatchObject([
    { Error: { Code: "DuplicateItem" }, TableName: "state" },
    { TableName: "state" },
    { Error: { Code: "ResourceNotFound" } },
  ]);
  expect(responses?.[1]?.Error).toBeUndefined();
  expect([await get("a"), await get("b")]).toMatchObject([
    { text: { S: "first" } },
    { text: { S: "inserted" } },
  ]);
});

test.each([
  ["none", []],
  ["more than 25", Array.from({ length: 26 }, () => ({ Statement: "x" }))],
  ["one that is not understood", [{ Statement: 'DELETE FROM "state"' }]],
  ["one with a place too few", [{ Statement: `INSERT INTO "state" VALUE {'id': ?}`, Parameters: [] }]],
])("PartiQL of %s is refused", async (_, Statements) => {
  await expect(cloud.dynamodb.send(new BatchExecuteStatementCommand({ Statements }))).rejects.toMatchObject({
    name: "ValidationException",
  });
});

test("a table that cannot be made is named by its address", async () => {
  const [state] = stack.tables;
  if (!state) throw new Error("no table");
  await expect(
    provision({ ...stack, tables: [{ ...state, name: "other", attributes: { id: "X" } }] }, cloud),
  ).rejects.toThrow("aws_dynamodb_table.state: ");
});

/** The head of a request that says that ten bytes follow. */
const head = () => [
  "POST / HTTP/1.1",
  `host: ${new URL(cloud.url).host}`,
  `authorization: AWS4-HMAC-SHA256 Credential=${cloud.accessKeys.operator}/20261124/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=x`,
  "x-amz-date: 20261124T000000Z",
  "x-amz-target: DynamoDB_20120810.GetItem",
  "content-type: application/x-amz-json-1.0",
];

test.each([
  ["before its body", ["content-length: 10", "", "12345"]],
  ["before its answer", ["content-length: 2", "", "{}"]],
])("a caller that goes away %s harms nobody", async (_, rest) => {
  const socket = connect(Number(new URL(cloud.url).port), "127.0.0.1");
  await new Promise<void>((resolve) => {
    socket.write([...head(), ...rest].join("\r\n"), () => {
      socket.on("close", () => resolve()).resetAndDestroy();
    });
  });
  await put("a");
  expect(await get("a")).toEqual({ id: { S: "a" } });
});

test("stopped in the middle of many calls, it has what it confirmed", async () => {
  const ids = Array.from({ length: 50 }, (_, i) => `item-${i}`);
  const calls = ids.map((id) =>
    put(id).then(
      () => [id],
      () => [], // it never came to an answer
    ),
  );
  await Promise.race(calls);
  await cloud.stopService("dynamodb");
  await cloud.startService("dynamodb");
  const confirmed = (await Promise.all(calls)).flat();
  expect(await Promise.all(confirmed.map(get))).toEqual(confirmed.map((id) => ({ id: { S: id } })));
});

test("leaves no timer behind", async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timers();
  const tables = await openTables(join(folder, "others"));
  await tables.stop();
  expect(timers()).toBeLessThanOrEqual(before);
});

test("what has expired is deleted, more than a call brings of it, and nothing else", async () => {
  const [table] = stack.tables;
  if (table === undefined) throw new Error("There is a table.");
  const second = Math.floor(Date.now() / 1000);
  const expiring = (id: string, at: number) =>
    put(id, { Item: { id: { S: id }, expiration: { N: String(at) } } });
  for (let item = 0; item < 120; item++) await expiring(`old-${item}`, second - 60);
  await expiring("lasting", second + 60);
  await put("without an end");
  expect(await deleteExpired(table, cloud.dynamodb)).toBe(120);
  const { Items: left = [] } = await cloud.dynamodb.send(new ScanCommand({ TableName: table.name }));
  expect(left.map(({ id }) => id?.S).sort()).toEqual(["lasting", "without an end"]);
  expect(await deleteExpired({ ...table, expiresBy: "another" }, cloud.dynamodb)).toBe(0);
});
