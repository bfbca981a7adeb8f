import type { Price } from "../../contract/prices.ts";
import { type AttributeValue, type DynamoItem, itemBytes, valueBytes, wordsBytes } from "./item-size.ts";

/** How much of what a price is for. */
export type Units = Readonly<Partial<Record<Price, number>>>;

const WRITE_UNIT_BYTES = 1_024;
const SQS_CHUNK_BYTES = 65_536;

/** A request's body, as far as its size or its kind is billed. */
interface Input {
  readonly MessageBody?: string;
  readonly MessageAttributes?: object;
  readonly Entries?: readonly { readonly MessageBody?: string; readonly MessageAttributes?: object }[];
  readonly Item?: DynamoItem;
  readonly Key?: DynamoItem;
  readonly ConsistentRead?: boolean;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: DynamoItem;
  readonly RequestItems?: Readonly<Record<string, unknown>>;
  readonly TransactItems?: readonly Readonly<Record<string, Input>>[];
  readonly Statements?: readonly Statement[];
}

interface Statement {
  readonly Statement?: string;
  readonly Parameters?: readonly AttributeValue[];
  readonly ConsistentRead?: boolean;
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
const writeUnits = (bytes: number) => Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES));
/** Of an item that is not there: the least. Prices are of consistent reads. */
const readUnits = (consistent = false) => (consistent ? 1 : 0.5);

/** Bytes of the message that is sent, attributes included. */
const messageBytes = ({ MessageBody = "", MessageAttributes }: Input) =>
  Buffer.byteLength(MessageBody) +
  (MessageAttributes === undefined ? 0 : Buffer.byteLength(JSON.stringify(MessageAttributes)));
const sqs = (bytes = 0): Units => ({ sqsRequest: Math.max(1, Math.ceil(bytes / SQS_CHUNK_BYTES)) });

/** The item as it is afterwards; what an expression does not touch is unknown here, and our items stay below a unit with it. */
function updatedBytes(input: Input): number {
  const { Key = {}, UpdateExpression = "", ExpressionAttributeNames: names = {} } = input;
  return (
    itemBytes(Key) +
    wordsBytes(UpdateExpression) +
    sum(Object.values(names).map((name) => Buffer.byteLength(name))) +
    sum(Object.values(input.ExpressionAttributeValues ?? {}).map(valueBytes))
  );
}

const written = (input: Input) =>
  input.Item === undefined ? writeUnits(updatedBytes(input)) : writeUnits(itemBytes(input.Item));

function statementUnits({ Statement: text = "", Parameters = [], ConsistentRead }: Statement): Units {
  if (/^\s*SELECT\b/i.test(text)) return { dynamodbRead: readUnits(ConsistentRead) };
  return { dynamodbWrite: writeUnits(wordsBytes(text) + sum(Parameters.map(valueBytes))) };
}

/** What each writes: `{"PutRequest": {"Item": …}}`. */
const requestsOf = (input: Input) =>
  (Object.values(input.RequestItems ?? {}) as Readonly<Record<string, Input>>[][]).flat();
const keysOf = (input: Input) =>
  Object.values(input.RequestItems ?? {}) as { Keys: []; ConsistentRead?: boolean }[];
const membersOf = (items: readonly Readonly<Record<string, Input>>[]) => items.flatMap(Object.values<Input>);

const billed: Readonly<Record<string, (input: Input) => Units>> = {
  "AmazonSQS.SendMessage": (input) => sqs(messageBytes(input)),
  "AmazonSQS.SendMessageBatch": ({ Entries = [] }) => sqs(sum(Entries.map(messageBytes))),
  "AmazonSQS.DeleteMessage": () => sqs(),
  "AmazonSQS.DeleteMessageBatch": () => sqs(),
  "AmazonSQS.ChangeMessageVisibility": () => sqs(),
  "AmazonSQS.ChangeMessageVisibilityBatch": () => sqs(),
  "AmazonSQS.GetQueueAttributes": () => sqs(),
  "AmazonSQS.ReceiveMessage": () => sqs(),
  // Of a bucket the functions list at rest, and nothing else.
  "s3 GET": () => ({ s3Request: 1 }),
  // The state of an event source mapping.
  "lambda GET": () => ({}),
  // Standard parameters cost nothing.
  "AmazonSSM.GetParameter": () => ({}),
  "DynamoDB_20120810.GetItem": ({ ConsistentRead }) => ({ dynamodbRead: readUnits(ConsistentRead) }),
  "DynamoDB_20120810.PutItem": (input) => ({ dynamodbWrite: written(input) }),
  "DynamoDB_20120810.UpdateItem": (input) => ({ dynamodbWrite: written(input) }),
  "DynamoDB_20120810.DeleteItem": (input) => ({ dynamodbWrite: written(input) }),
  "DynamoDB_20120810.BatchGetItem": (input) => ({
    dynamodbRead: sum(
      keysOf(input).map(({ Keys, ConsistentRead }) => Keys.length * readUnits(ConsistentRead)),
    ),
  }),
  "DynamoDB_20120810.BatchWriteItem": (input) => ({
    dynamodbWrite: sum(membersOf(requestsOf(input)).map(written)),
  }),
  // A transaction writes everything twice.
  "DynamoDB_20120810.TransactWriteItems": ({ TransactItems = [] }) => ({
    dynamodbWrite: 2 * sum(membersOf(TransactItems).map(written)),
  }),
  "DynamoDB_20120810.ExecuteStatement": (input) => statementUnits(input as Statement),
  "DynamoDB_20120810.BatchExecuteStatement": ({ Statements = [] }) => added(Statements.map(statementUnits)),
};

/** How many of what, by its name. */
export type Counts = Readonly<Record<string, number>>;

export function added<T extends Counts | Units>(all: readonly T[]): T {
  const together: Record<string, number> = {};
  for (const counts of all)
    for (const [what, quantity] of Object.entries(counts)) together[what] = (together[what] ?? 0) + quantity;
  return together as T;
}

/**
 * What a call is billed as, by its own size.
 *
 * @param target `x-amz-target`, `AmazonSQS.SendMessage`; service and method where a call has none, `s3 GET`
 * @throws where that is not known: it would cost nothing on paper
 */
export function billedUnits(target: string, input: unknown): Units {
  const unitsOf = billed[target];
  if (unitsOf === undefined) throw new Error(`What ${target} costs is not known here.`);
  return unitsOf(input as Input);
}
