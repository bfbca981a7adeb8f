import {
  BatchExecuteStatementCommand,
  type BatchStatementResponse,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { insertion } from "../../contract/insert-statements.ts";
import type { Memory } from "./memory.ts";
import { keyOf, type Stored, toItem } from "./memory-item.ts";

/** An event that is locked with others in one call. */
export interface NewLock {
  readonly item: string;
  readonly event: Memory;
  /** Of {@link MemoryStore.newWriter}. */
  readonly writer: string;
}

/**
 * What the state table is told of a whole batch: which events of it are being delivered, in one call, and which have been,
 * in one item, their receipt. All of it throws what DynamoDB throws.
 */
export class BatchStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /**
   * Locks events of which nothing is known and counts an attempt of each, all in one call: a unit of writing each, as
   * one by one.
   *
   * @param locks as many as one call takes, each with an item of its own
   * @param rememberSeconds for how long a success is remembered
   * @returns what was written; nothing where something is known of an event, or where it could not be written
   */
  async lock(
    locks: readonly NewLock[],
    rememberSeconds: number,
  ): Promise<ReadonlyMap<NewLock, Stored | undefined>> {
    const stored = locks.map(
      ({ event, writer }): Stored => ({ memories: { event, later: [] }, revision: 1, writer }),
    );
    const { Responses: responses = [] } = await this.#client.send(
      new BatchExecuteStatementCommand({
        Statements: stored.map((what, at) =>
          insertion({ table: this.#table, item: toItem((locks[at] as NewLock).item, what, rememberSeconds) }),
        ),
      }),
    );
    return new Map(locks.map((lock, at) => [lock, hasWritten(responses[at]) ? stored[at] : undefined]));
  }

  /** Says of events, by their places, that they have been delivered. */
  async addToReceipt(item: string, places: readonly string[], rememberUntil: number): Promise<void> {
    await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: keyOf(item),
        UpdateExpression: "SET held_until = :until, expiration = :end ADD places :places",
        ExpressionAttributeValues: {
          ":until": { N: String(rememberUntil) },
          ":end": { N: String(Math.ceil(rememberUntil / 1000)) },
          ":places": { SS: [...places] },
        },
      }),
    );
  }

  /** @returns the event as its receipt tells of it */
  async withReceipt(stored: Stored): Promise<Stored> {
    const { event, later } = stored.memories;
    if (event.receipt === undefined) return stored;
    const key = keyOf(event.receipt.item);
    const command = new GetItemCommand({ TableName: this.#table, Key: key, ConsistentRead: true });
    const { Item: receipt } = await this.#client.send(command);
    if (!receipt?.["places"]?.SS?.includes(event.receipt.place)) return stored;
    const heldUntil = Number(receipt["held_until"]?.N);
    const { receipt: _, ...rest } = event;
    return { ...stored, memories: { event: { ...rest, delivered: true, heldUntil }, later } };
  }
}

/** A statement that says nothing of itself has not been heard of. */
function hasWritten(response: BatchStatementResponse | undefined): boolean {
  return response !== undefined && response.Error === undefined;
}
