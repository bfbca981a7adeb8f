import {
  type BatchGetItemInput,
  type BatchWriteItemInput,
  ConditionalCheckFailedException,
  type DeleteItemInput,
  type GetItemInput,
  type PutItemInput,
  type QueryInput,
  type UpdateItemInput,
} from "@aws-sdk/client-dynamodb";
import type { VirtualClock } from "../clock.ts";
import type { Caller } from "./calls.ts";
import { type Item, meets, updated } from "./dynamodb-expression.ts";
import { AwsError } from "./errors.ts";

/**
 * Of a new table in on-demand mode:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
 */
const WRITES_A_SECOND = 4_000;
const READS_A_SECOND = 12_000;
const DAY_MILLISECONDS = 86_400_000;

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
  #items = new Map<string, Item>();
  #second = 0;
  #writes = 0;
  #reads = 0;
  /** Calls that capacity has refused. */
  throttles = 0;

  /** @param timeToLive the attribute with an item's end, seconds since 1970 */
  constructor(name: string, key: string, clock: VirtualClock, timeToLive?: string) {
    this.name = name;
    this.#key = key;
    this.#clock = clock;
    if (timeToLive === undefined) return;
    // DynamoDB deletes within a few days of the end: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
    clock.every(DAY_MILLISECONDS, () => {
      for (const [id, item] of this.#items)
        if (Number(item[timeToLive]?.N ?? Number.POSITIVE_INFINITY) * 1000 < clock.now)
          this.#items.delete(id);
    });
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
  }

  readonly operate = (operation: string, input: never, _caller: Caller): unknown => {
    const work = this.#operations[operation];
    if (work === undefined)
      throw new AwsError("UnknownOperationException", `The model does not know ${operation}`);
    return work(input);
  };

  readonly #operations: Readonly<Record<string, (input: never) => unknown>> = {
    GetItem: ({ Key }: GetItemInput) => {
      this.#spend("read", 1);
      const item = this.#items.get(this.#idOf(Key));
      return item === undefined ? {} : { Item: { ...item } };
    },
    PutItem: ({ Item: item, ...expressions }: PutItemInput) => {
      this.#spend("write", 1);
      const id = this.#idOf(item);
      this.#check(this.#items.get(id), expressions);
      this.#items.set(id, { ...item });
      return {};
    },
    UpdateItem: ({ Key, UpdateExpression = "", ...expressions }: UpdateItemInput) => {
      this.#spend("write", 1);
      const id = this.#idOf(Key);
      const before = this.#items.get(id);
      this.#check(before, expressions);
      const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = expressions;
      const after = updated(UpdateExpression, before ?? { ...Key }, names, values);
      this.#items.set(id, after);
      return { Attributes: { ...after } };
    },
    DeleteItem: ({ Key, ...expressions }: DeleteItemInput) => {
      this.#spend("write", 1);
      const id = this.#idOf(Key);
      this.#check(this.#items.get(id), expressions);
      this.#items.delete(id);
      return {};
    },
    BatchGetItem: ({ RequestItems }: BatchGetItemInput) => {
      const keys = Object.values(RequestItems ?? {})[0]?.Keys ?? [];
      if (keys.length > 100) throw new AwsError("ValidationException", "Too many items requested");
      this.#spend("read", keys.length);
      const found = keys.map((key) => this.#items.get(this.#idOf(key))).filter((item) => item !== undefined);
      return { Responses: { [this.name]: found }, UnprocessedKeys: {} };
    },
    BatchWriteItem: ({ RequestItems }: BatchWriteItemInput) => {
      const writes = Object.values(RequestItems ?? {})[0] ?? [];
      if (writes.length > 25) throw new AwsError("ValidationException", "Too many items requested");
      this.#spend("write", writes.length);
      for (const { PutRequest, DeleteRequest } of writes) {
        if (PutRequest?.Item !== undefined)
          this.#items.set(this.#idOf(PutRequest.Item), { ...PutRequest.Item });
        if (DeleteRequest !== undefined) this.#items.delete(this.#idOf(DeleteRequest.Key));
      }
      return { UnprocessedItems: {} };
    },
    Scan: (_: QueryInput) => ({ Items: [...this.#items.values()] }),
  };

  #idOf(key: Item | undefined): string {
    const value = key?.[this.#key];
    if (value?.S === undefined)
      throw new AwsError("ValidationException", "The key is not of the schema's type");
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

  #spend(kind: "read" | "write", units: number): void {
    const second = Math.floor(this.#clock.now / 1000);
    if (second !== this.#second) [this.#second, this.#writes, this.#reads] = [second, 0, 0];
    if (kind === "read") this.#reads += units;
    else this.#writes += units;
    if (this.#writes <= WRITES_A_SECOND && this.#reads <= READS_A_SECOND) return;
    this.throttles++;
    throw new AwsError(
      "ProvisionedThroughputExceededException",
      "The level of throughput was exceeded",
      400,
      {
        throttling: true,
      },
    );
  }
}
