import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementResponse,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { Memory } from "./memory.ts";
import { keyOf, type Stored, toItem } from "./memory-item.ts";

/** An event that is claimed with others in one call. */
export interface Claim {
  readonly item: string;
  readonly event: Memory;
  /** Of {@link MemoryStore.newWriter}. */
  readonly writer: string;
}

/** Statements in one call of PartiQL, at most. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html */
export const MAX_CLAIMS = 25;

/**
 * What the state table is told of a whole batch: which events of it are being delivered, in one call, and which have been,
 * in one item, their receipt. All of it throws what DynamoDB throws.
 */
export class ClaimStore {
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
   * @param claims at most {@link MAX_CLAIMS}, each with an item of its own
   * @param rememberSeconds for how long a success is remembered
   * @returns what was written; nothing where something is known of an event, or where it could not be written
   */
  async claim(
    claims: readonly Claim[],
    rememberSeconds: number,
  ): Promise<ReadonlyMap<Claim, Stored | undefined>> {
    const stored = claims.map(
      ({ event, writer }): Stored => ({ memories: { event, later: [] }, revision: 1, writer }),
    );
    const { Responses: responses = [] } = await this.#client.send(
      new BatchExecuteStatementCommand({
        Statements: stored.map((what, at) =>
          this.#insert(toItem((claims[at] as Claim).item, what, rememberSeconds)),
        ),
      }),
    );
    return new Map(claims.map((claim, at) => [claim, hasWritten(responses[at]) ? stored[at] : undefined]));
  }

  /** PartiQL's INSERT writes on condition that there is nothing. */
  #insert(item: Record<string, AttributeValue>) {
    const members = Object.keys(item).map((name) => `'${name}': ?`);
    return {
      Statement: `INSERT INTO "${this.#table}" VALUE {${members.join(", ")}}`,
      Parameters: Object.values(item),
    };
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
