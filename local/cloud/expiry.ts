import { setTimeout as pause } from "node:timers/promises";
import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  paginateScan,
} from "@aws-sdk/client-dynamodb";
import { defined } from "../../contract/defined.ts";
import type { TableModel } from "../stack/model.ts";

/** Milliseconds: DynamoDB deletes within days, and a day's items are what a run has. */
const FIRST_AFTER = 60_000;
const EVERY = 3_600_000;
/** Items a call, and milliseconds between two calls: events come first. */
const PAGE_ITEMS = 100;
const PAGE_PAUSE = 50;

/** Deletes what has expired, as DynamoDB does and the emulator does not: a run's tables would only ever grow. */
export class Expiry {
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;

  constructor(tables: readonly TableModel[], dynamodb: DynamoDBClient) {
    this.#ended = this.#run(tables, dynamodb).catch(() => {}); // it was stopped
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async #run(tables: readonly TableModel[], dynamodb: DynamoDBClient): Promise<void> {
    const { signal } = this.#stop;
    for (let wait = FIRST_AFTER; ; wait = EVERY) {
      await pause(wait, undefined, { signal, ref: false });
      for (const table of tables) {
        await deleteExpired(table, dynamodb, signal).catch(() => signal.throwIfAborted()); // the next time, then
      }
    }
  }
}

/** @returns how many items it has deleted */
export async function deleteExpired(
  { name, hashKey, rangeKey, expiresBy }: TableModel,
  dynamodb: DynamoDBClient,
  signal?: AbortSignal,
): Promise<number> {
  if (expiresBy === undefined) return 0;
  const expired = {
    ExpressionAttributeNames: { "#expires": expiresBy },
    ExpressionAttributeValues: { ":now": { N: String(Math.floor(Date.now() / 1000)) } },
  };
  const scan = { TableName: name, FilterExpression: "#expires < :now", Limit: PAGE_ITEMS, ...expired };
  let deleted = 0;
  for await (const { Items: items = [] } of paginateScan({ client: dynamodb }, scan)) {
    for (const item of items) {
      signal?.throwIfAborted();
      const Key = keyOf(item, [hashKey, ...(rangeKey === undefined ? [] : [rangeKey])]);
      // It may have been given more time since.
      const command = { TableName: name, Key, ConditionExpression: "#expires < :now", ...expired };
      const renewed = (error: Error) => {
        if (error.name !== "ConditionalCheckFailedException") throw error;
        return undefined;
      };
      if (await dynamodb.send(new DeleteItemCommand(command)).catch(renewed)) deleted++;
    }
    await pause(PAGE_PAUSE, undefined, { ...defined({ signal }), ref: false });
  }
  return deleted;
}

function keyOf(
  item: Record<string, AttributeValue>,
  names: readonly string[],
): Record<string, AttributeValue> {
  return Object.fromEntries(names.flatMap((name) => (item[name] ? [[name, item[name]] as const] : [])));
}
