import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { BatchStore } from "../../../functions/processor/batch-store.ts";
import { lockedAhead } from "../../../functions/processor/memory.ts";
import { MemoryStore } from "../../../functions/processor/memory-store.ts";
import { Table } from "../../../simulation/aws/dynamodb.ts";
import { type StateTable, startStateTable } from "../../support/dynamodb.ts";
import { Simulated } from "../../support/simulated.ts";

let wire: StateTable;
beforeAll(async () => {
  wire = await startStateTable();
});
afterAll(() => wire.stop());

interface Command {
  readonly input: object;
}
const caller = { name: "test", alive: true, hops: 0, die() {} };

/**
 * What a caller sees of an answer or an error. dynalite knows no `ReturnValuesOnConditionCheckFailure`: the item in an
 * error is left out here, and told by the model's own test.
 */
const seen = async (send: () => unknown): Promise<object> => {
  try {
    const { Item, Attributes, Responses } = (await send()) as {
      Item?: object;
      Attributes?: object;
      Responses?: object;
    };
    return { Item, Attributes, Responses };
  } catch (error) {
    const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { name, status: $metadata?.httpStatusCode };
  }
};

/** Sends the same to both, on items of their own, and expects the same of both. */
async function agree(commands: readonly ((id: string) => Command)[], run: string): Promise<void> {
  const { clock, random } = new Simulated();
  const table = new Table(wire.table, "id", clock, random);
  for (const make of commands) {
    const command = make(run);
    const operation = command.constructor.name.replace(/Command$/, "");
    const real = await seen(() => wire.client.send(command as unknown as GetItemCommand));
    const model = await seen(() => table.operate(operation, command.input as never, caller));
    expect({ operation, ...command.input, answer: model }).toEqual({
      operation,
      ...command.input,
      answer: real,
    });
  }
}

const TableName = "state";
const number = (value: number): AttributeValue => ({ N: String(value) });
const text = (value: string): AttributeValue => ({ S: value });

/** What the store of deliveries sends. */
const sentBy = (work: (store: MemoryStore) => Promise<unknown>) =>
  sentOf((client) => work(new MemoryStore(client, TableName, "test")));

function sentOf(work: (client: DynamoDBClient) => Promise<unknown>): Command {
  let sent: Command | undefined;
  const send = async (command: Command) => {
    sent = command;
    return {};
  };
  void work({ send } as never);
  if (sent === undefined) throw new Error("Nothing was sent.");
  return sent;
}

/**
 * Every expression that the functions send, as they stood in a run's calls: the breaker's state, the lease of recovery,
 * and what is remembered of a delivery.
 */
const small = fc.integer({ min: 0, max: 3 });
const owner = fc.constantFrom("one", "two");
const item = fc.constantFrom("breaker", "lease", "delivery");
const sent = fc.oneof(
  item.map(
    (name) => (run: string) =>
      new GetItemCommand({ TableName, Key: { id: text(run + name) }, ConsistentRead: true }),
  ),
  item.map((name) => (run: string) => new DeleteItemCommand({ TableName, Key: { id: text(run + name) } })),
  fc.tuple(item, small).map(
    ([name, revision]) =>
      (run: string) =>
        new PutItemCommand({
          TableName,
          Item: { id: text(run + name), state: text("{}"), revision: number(revision) },
          ConditionExpression: "attribute_not_exists(id)",
        }),
  ),
  fc.tuple(item, small, small).map(
    ([name, revision, expected]) =>
      (run: string) =>
        new PutItemCommand({
          TableName,
          Item: { id: text(run + name), state: text("{}"), revision: number(revision) },
          ConditionExpression: "revision = :revision",
          ExpressionAttributeValues: { ":revision": number(expected) },
        }),
  ),
  fc.tuple(item, owner, small, small).map(
    ([name, who, until, now]) =>
      (run: string) =>
        new PutItemCommand({
          TableName,
          Item: { id: text(run + name), owner: text(who), until: number(until) },
          ConditionExpression: "attribute_not_exists(id) OR #until < :now",
          ExpressionAttributeNames: { "#until": "until" },
          ExpressionAttributeValues: { ":now": number(now) },
        }),
  ),
  fc.tuple(item, owner).map(
    ([name, who]) =>
      (run: string) =>
        new PutItemCommand({
          TableName,
          Item: { id: text(run + name), owner: text(who), until: number(0), endedAt: number(1) },
          ConditionExpression: "#owner = :owner",
          ExpressionAttributeNames: { "#owner": "owner" },
          ExpressionAttributeValues: { ":owner": text(who) },
        }),
  ),
  fc.tuple(item, owner, small, small).map(([name, eventId, now, lock]) => (run: string) => {
    const event = { id: eventId, receivedAt: 1, attempts: 2, firstAttemptAt: "2026" };
    return sentBy((store) => store.begin(run + name, event, now * 1000, lock * 1000));
  }),
  fc.tuple(item, owner, small, fc.boolean()).map(([name, eventId, revision, delivered]) => (run: string) => {
    const event = { eventId, delivered, heldUntil: 1000, attempts: 3, firstAttemptAt: "2026" };
    const memories = { event, later: [] };
    const seen = revision === 0 ? undefined : { memories, revision, writer: "test" };
    return sentBy((store) => store.put(run + name, memories, seen));
  }),
  fc
    .tuple(fc.uniqueArray(item, { minLength: 1 }), owner, small)
    .map(([names, eventId, lock]) => (run: string) => {
      const locks = names.map((name) => {
        const receipt = { item: "receipt", place: "1" };
        const event = { id: eventId, attempts: 2, firstAttemptAt: "2026" };
        return { item: run + name, event: lockedAhead(event, lock * 1000, receipt), writer: "test" };
      });
      return sentOf((client) => new BatchStore(client, TableName).lock(locks, 60));
    }),
  fc.tuple(item, fc.uniqueArray(fc.constantFrom("1", "2", "3"), { minLength: 1 })).map(
    ([name, places]) =>
      (run: string) =>
        sentOf((client) => new BatchStore(client, TableName).addToReceipt(run + name, places, 1_000)),
  ),
);

test("answers what the functions send as dynalite does, in any order", async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(sent, { minLength: 5, maxLength: 25 }), (commands) =>
      agree(commands, `sent-${runs++}-`),
    ),
    { numRuns: 60 },
  );
});

/** Expressions of the model's whole grammar over attributes that are there or not, of one type or another. */
const value = fc.oneof(
  small.map(number),
  fc.constantFrom("", "a", "b").map((each) => text(`x${each}`)),
);
const comparison = fc
  .tuple(
    fc.constantFrom("#a", "#b", "c"),
    fc.constantFrom("=", "<>", "<", "<=", ">", ">="),
    fc.constantFrom(":v", ":w"),
  )
  .map((parts) => parts.join(" "));
const exists = fc
  .tuple(fc.constantFrom("attribute_exists", "attribute_not_exists"), fc.constantFrom("#a", "#b", "c"))
  .map(([name, of]) => `${name}(${of})`);
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    comparison,
    exists,
    tie("condition").map((inner) => `NOT (${inner})`),
    comparison.map((inner) => `NOT ${inner}`),
    fc
      .tuple(tie("condition"), fc.constantFrom("AND", "OR"), tie("condition"))
      .map((parts) => parts.join(" ")),
    tie("condition").map((inner) => `(${inner} OR #a = :v) AND c <> :w`),
  ),
}));

test("meets a condition where dynalite does", async () => {
  const attributes = fc.record({ a: value, b: value, c: value }, { requiredKeys: [] });
  const all = { "#a": "a", "#b": "b", ":v": true, ":w": true };
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(attributes, condition, value, value, (present, expression, v, w) => {
      // DynamoDB refuses a name or a value that its expression does not use.
      const used = Object.keys(all).filter((name) => expression.includes(name));
      const names = Object.fromEntries(
        used.filter((name) => name.startsWith("#")).map((name) => [name, name.slice(1)]),
      );
      const values = Object.fromEntries(
        used.filter((name) => name.startsWith(":")).map((name) => [name, name === ":v" ? v : w]),
      );
      const put = (run: string) => new PutItemCommand({ TableName, Item: { id: text(run), ...present } });
      const check = (run: string) =>
        new DeleteItemCommand({
          TableName,
          Key: { id: text(run) },
          ConditionExpression: expression,
          ...(Object.keys(names).length > 0 ? { ExpressionAttributeNames: names } : {}),
          ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}),
        });
      return agree([put, check], `condition-${runs++}`);
    }),
    { numRuns: 400 },
  );
});

test("updates as dynalite does", async () => {
  const clauses = ["SET #a = :v, c = :w", "REMOVE #b", "ADD n :n"];
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.record({ a: value, b: value, c: value, n: small.map(number) }, { requiredKeys: [] }),
      fc.subarray(clauses, { minLength: 1 }),
      fc.boolean(),
      fc.constantFrom("NONE" as const, "ALL_OLD" as const, "ALL_NEW" as const),
      (present, chosen, there, ReturnValues) => {
        const UpdateExpression = chosen.join(" ");
        const has = (name: string) => UpdateExpression.includes(name);
        const names = { ...(has("#a") ? { "#a": "a" } : {}), ...(has("#b") ? { "#b": "b" } : {}) };
        const values = {
          ...(has(":v") ? { ":v": text("new"), ":w": number(9) } : {}),
          ...(has(":n") ? { ":n": number(5) } : {}),
        };
        const put = (run: string) => new PutItemCommand({ TableName, Item: { id: text(run), ...present } });
        const update = (run: string) =>
          new UpdateItemCommand({
            TableName,
            Key: { id: text(run) },
            UpdateExpression,
            ReturnValues,
            ...(Object.keys(names).length > 0 ? { ExpressionAttributeNames: names } : {}),
            ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}),
          });
        const read = (run: string) =>
          new GetItemCommand({ TableName, Key: { id: text(run) }, ConsistentRead: true });
        return agree([...(there ? [put] : []), update, read], `update-${runs++}`);
      },
    ),
    { numRuns: 100 },
  );
});
