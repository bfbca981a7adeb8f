import {
  type BatchExecuteStatementInput,
  type BatchGetItemInput,
  type BatchStatementErrorCodeEnum,
  type BatchStatementResponse,
  type BatchWriteItemInput,
  ConditionalCheckFailedException,
  type DeleteItemInput,
  type GetItemInput,
  type PutItemInput,
  type UpdateItemInput,
} from "@aws-sdk/client-dynamodb";
import {
  duplicate,
  type Insertion,
  readInsertions,
  StatementError,
} from "../../contract/insert-statements.ts";
import type { VirtualClock } from "../clock.ts";
import type { Random } from "../random.ts";
import type { Caller } from "./calls.ts";
import { Capacity } from "./dynamodb-capacity.ts";
import { type Item, meets, updated } from "./dynamodb-expression.ts";
import { itemBytes } from "./dynamodb-item.ts";
import { AwsError, ModelError } from "./errors.ts";

const DAY_MILLISECONDS = 86_400_000;
/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const ITEM_BYTES = 400 * 1024;
const BATCH = { get: 100, write: 25 } as const;
/**
 * For how long after a write a read that does not ask for consistency may still get what was there before, and how
 * often it does.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html
 */
const STALE = { milliseconds: 1_000, rate: 1 / 5 } as const;

interface Expressions {
  readonly ConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Item | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: string | undefined;
}

/** One table with a hash key: items, conditions, capacity, time to live. */
export class Table {
  readonly name: string;
  readonly #key: string;
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #capacity: Capacity;
  #items = new Map<string, Item>();
  /** What the latest write of an item has overwritten. */
  readonly #before = new Map<string, { readonly item: Item | undefined; readonly at: number }>();

  /** @param timeToLive the attribute with an item's end, seconds since 1970 */
  constructor(name: string, key: string, clock: VirtualClock, random: Random, timeToLive?: string) {
    this.name = name;
    this.#key = key;
    this.#clock = clock;
    this.#random = random;
    this.#capacity = new Capacity(clock);
    if (timeToLive === undefined) return;
    // DynamoDB deletes within a few days of the end: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
    clock.every(DAY_MILLISECONDS, () => {
      for (const [id, item] of this.#items)
        if (Number(item[timeToLive]?.N ?? Number.POSITIVE_INFINITY) * 1000 < clock.now)
          this.#items.delete(id);
    });
  }

  /** Calls that capacity has refused. */
  get throttles(): number {
    return this.#capacity.throttles;
  }

  get(id: string): Item | undefined {
    return this.#items.get(id);
  }

  /** What is there now, for {@link restore}. */
  snapshot(): ReadonlyMap<string, Item> {
    return new Map(this.#items);
  }

  /** As a restore from a backup does, or an operator who empties it. */
  restore(items: ReadonlyMap<string, Item> = new Map()): void {
    this.#items = new Map(items);
    this.#before.clear();
  }

  readonly operate = (operation: string, input: never, _caller: Caller): unknown => {
    const work = this.#operations[operation];
    if (work === undefined) throw new ModelError(`DynamoDB's model does not know ${operation}`);
    return work(input);
  };

  readonly #operations: Readonly<Record<string, (input: never) => unknown>> = {
    GetItem: ({ TableName, Key, ConsistentRead = false }: GetItemInput) => {
      this.#checkName(TableName);
      const found = this.#read(this.#idOf(Key), ConsistentRead);
      return found === undefined ? {} : { Item: found };
    },
    PutItem: ({ TableName, Item: item = {}, ReturnValues, ...expressions }: PutItemInput) => {
      this.#checkName(TableName);
      const before = this.#write(this.#idOf(item), expressions, () => ({ ...item }));
      return attributes(ReturnValues, before, undefined);
    },
    UpdateItem: ({
      TableName,
      Key,
      UpdateExpression = "",
      ReturnValues,
      ...expressions
    }: UpdateItemInput) => {
      this.#checkName(TableName);
      const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = expressions;
      const id = this.#idOf(Key);
      const before = this.#write(id, expressions, (item) =>
        updated(UpdateExpression, item ?? { ...Key }, names, values),
      );
      return attributes(ReturnValues, before, this.#items.get(id));
    },
    DeleteItem: ({ TableName, Key, ReturnValues, ...expressions }: DeleteItemInput) => {
      this.#checkName(TableName);
      const before = this.#write(this.#idOf(Key), expressions, () => undefined);
      return attributes(ReturnValues, before, undefined);
    },
    BatchGetItem: ({ RequestItems = {} }: BatchGetItemInput) => {
      const [name, { Keys: keys = [], ConsistentRead = false } = {}] = only(RequestItems);
      this.#checkName(name);
      if (keys.length > BATCH.get) throw validation("Too many items requested for the BatchGetItem call");
      const found = keys.map((key) => this.#read(this.#idOf(key), ConsistentRead));
      return { Responses: { [this.name]: found.filter((item) => item !== undefined) }, UnprocessedKeys: {} };
    },
    BatchWriteItem: ({ RequestItems = {} }: BatchWriteItemInput) => {
      const [name, writes = []] = only(RequestItems);
      this.#checkName(name);
      if (writes.length > BATCH.write)
        throw validation("Too many items requested for the BatchWriteItem call");
      for (const { PutRequest, DeleteRequest } of writes) {
        const item = PutRequest?.Item;
        const id = this.#idOf(item ?? DeleteRequest?.Key);
        this.#write(id, {}, () => (item === undefined ? undefined : { ...item }));
      }
      return { UnprocessedItems: {} };
    },
    BatchExecuteStatement: ({ Statements }: BatchExecuteStatementInput) => {
      const insertions = insertionsOf(Statements);
      const ids = insertions.map(({ item }) => this.#idOf(item));
      if (new Set(ids).size < ids.length) throw validation("A batch names one item twice");
      return { Responses: insertions.map((insertion) => this.#insert(insertion)) };
    },
  };

  /** One statement's misfortune is its own. */
  #insert({ table, item }: Insertion): BatchStatementResponse {
    try {
      this.#checkName(table);
      const expressions = {
        ConditionExpression: "attribute_not_exists(#key)",
        ExpressionAttributeNames: { "#key": this.#key },
      };
      this.#write(this.#idOf(item), expressions, () => ({ ...item }));
      return { TableName: table };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return duplicate(table);
      if (!(error instanceof AwsError)) throw error;
      const Code = STATEMENT_CODES[error.name];
      if (Code === undefined) throw new ModelError(`A statement does not fail with ${error.name} here`);
      return { Error: { Code, Message: error.message }, TableName: table };
    }
  }

  #read(id: string, consistent: boolean): Item | undefined {
    const item = this.#items.get(id);
    this.#capacity.read(id, itemBytes(item), consistent);
    const before = consistent ? undefined : this.#before.get(id);
    const mayBeStale = before !== undefined && this.#clock.now - before.at < STALE.milliseconds;
    const found = mayBeStale && this.#random.chance(STALE.rate) ? before.item : item;
    return found && { ...found };
  }

  /** A condition that is not met costs as much as a write. @returns what was there before */
  #write(
    id: string,
    expressions: Expressions,
    change: (item: Item | undefined) => Item | undefined,
  ): Item | undefined {
    const before = this.#items.get(id);
    const after = change(before);
    this.#capacity.write(id, Math.max(itemBytes(before), itemBytes(after)));
    this.#check(before, expressions);
    if (itemBytes(after) > ITEM_BYTES) throw validation("Item size has exceeded the maximum allowed size");
    this.#remember(id, before);
    if (after === undefined) this.#items.delete(id);
    else this.#items.set(id, after);
    return before;
  }

  #remember(id: string, item: Item | undefined): void {
    const { now } = this.#clock;
    this.#before.delete(id); // the latest come last
    this.#before.set(id, { item, at: now });
    for (const [old, { at }] of this.#before) {
      if (now - at < STALE.milliseconds) break;
      this.#before.delete(old);
    }
  }

  #checkName(name: string | undefined): void {
    if (name !== this.name)
      throw new AwsError("ResourceNotFoundException", "Cannot do operations on a non-existent table");
  }

  #idOf(key: Item | undefined): string {
    const value = key?.[this.#key];
    if (value?.S === undefined) throw validation("The provided key element does not match the schema");
    return value.S;
  }

  #check(item: Item | undefined, { ConditionExpression: condition, ...rest }: Expressions): void {
    if (condition === undefined) return;
    const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = rest;
    if (meets(condition, item, names, values)) return;
    throw new ConditionalCheckFailedException({
      $metadata: { httpStatusCode: 400 },
      message: "The conditional request failed",
      ...(rest.ReturnValuesOnConditionCheckFailure === "ALL_OLD" && item !== undefined
        ? { Item: { ...item } }
        : {}),
    });
  }
}

/** How a statement calls what a call of its own would have thrown. */
const STATEMENT_CODES: Readonly<Record<string, BatchStatementErrorCodeEnum>> = {
  ThrottlingException: "ThrottlingError",
  ResourceNotFoundException: "ResourceNotFound",
  ValidationException: "ValidationError",
};

function insertionsOf(statements: BatchExecuteStatementInput["Statements"]): Insertion[] {
  try {
    return readInsertions(statements);
  } catch (error) {
    throw error instanceof StatementError ? validation(error.message) : error;
  }
}

function attributes(wanted: string | undefined, before: Item | undefined, after: Item | undefined): object {
  if (wanted === undefined || wanted === "NONE") return {};
  if (wanted !== "ALL_OLD" && wanted !== "ALL_NEW")
    throw new ModelError(`DynamoDB's model does not know ReturnValues ${wanted}`);
  const item = wanted === "ALL_OLD" ? before : after;
  return item === undefined ? {} : { Attributes: { ...item } };
}

/** Of the one table that there is. */
function only<T>(items: Readonly<Record<string, T>>): [string | undefined, T | undefined] {
  const [entry, second] = Object.entries(items);
  if (second !== undefined) throw new ModelError("DynamoDB's model has one table");
  return [entry?.[0], entry?.[1]];
}

function validation(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
