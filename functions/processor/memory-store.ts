import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { EventToDeliver, Memories } from "./memory.ts";
import { fromItem, keyOf, type Stored, toItem, UNDELIVERED_SECONDS } from "./memory-item.ts";

/** What an item now is, `written`; or what it is instead, where the condition for writing it was not met. */
export type Written = { readonly written: Stored } | { readonly found: Stored | undefined };

/** The state table's items on events, by id. All of it throws what DynamoDB throws. */
export class MemoryStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #writer: string;
  #writings = 0;

  /** @param writer a text that no other execution environment has */
  constructor(client: DynamoDBClient, table: string, writer: string) {
    this.#client = client;
    this.#table = table;
    this.#writer = writer;
  }

  /** A text that no other writing has: by it one whose answer was lost is found again. */
  newWriter(): string {
    return `${this.#writer}/${++this.#writings}`;
  }

  /**
   * Locks an event and counts an attempt, in one call: on condition that nothing is known of it, or that it has not been
   * delivered and nobody is at it.
   *
   * @param writers the first writes; the others are those of earlier tries, whose answers may have been lost
   */
  begin(
    id: string,
    { id: eventId, receivedAt, attempts, firstAttemptAt }: EventToDeliver,
    now: number,
    lockUntil: number,
    writers: readonly [string, ...string[]] = [this.newWriter()],
  ): Promise<Written> {
    const values: Record<string, AttributeValue> = {
      ":event": { S: eventId },
      ":no": { BOOL: false },
      ":now": { N: String(now) },
      ":lock": { N: String(lockUntil) },
      ":attempts": { N: String(attempts) },
      ":first": { S: firstAttemptAt },
      ":writer": { S: writers[0] },
      ":end": { N: String(Math.ceil(now / 1000) + UNDELIVERED_SECONDS) },
      ":zero": { N: "0" },
      ":one": { N: "1" },
    };
    const changes = [
      "event_id = :event",
      "delivered = :no",
      "held_until = :lock",
      "attempts = if_not_exists(attempts, :attempts) + :one",
      "first_attempt_at = if_not_exists(first_attempt_at, :first)",
      "writer = :writer",
      "revision = if_not_exists(revision, :zero) + :one",
      "expiration = :end",
    ];
    let isSame = "event_id = :event";
    if (receivedAt !== undefined) {
      values[":received"] = { N: String(receivedAt) };
      changes.push("received_at = if_not_exists(received_at, :received)");
      isSame += " AND (attribute_not_exists(received_at) OR received_at = :received)"; // a repetition is to be noted
    }
    return this.#write(
      id,
      async () => {
        const { Attributes: item = {} } = await this.#client.send(
          new UpdateItemCommand({
            TableName: this.#table,
            Key: keyOf(id),
            UpdateExpression: `SET ${changes.join(", ")}`,
            ConditionExpression: `attribute_not_exists(id) OR (${isSame} AND delivered = :no AND held_until <= :now AND attribute_not_exists(receipt))`,
            ExpressionAttributeValues: values,
            ReturnValues: "ALL_NEW",
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
        );
        return fromItem(item);
      },
      (found) => writers.includes(found.writer),
    );
  }

  /** Writes an item on condition that it still is as it was seen: not there, or of that revision. */
  put(id: string, memories: Memories, seen: Stored | undefined): Promise<Written> {
    const stored: Stored = { memories, revision: (seen?.revision ?? 0) + 1, writer: this.newWriter() };
    return this.#write(
      id,
      async () => {
        await this.#client.send(
          new PutItemCommand({
            TableName: this.#table,
            Item: toItem(id, stored),
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
            ...(seen === undefined
              ? { ConditionExpression: "attribute_not_exists(id)" }
              : {
                  ConditionExpression: "revision = :revision AND writer = :writer",
                  ExpressionAttributeValues: {
                    ":revision": { N: String(seen.revision) },
                    ":writer": { S: seen.writer },
                  },
                }),
          }),
        );
        return stored;
      },
      (found) => found.writer === stored.writer,
    );
  }

  /** @param isOurs whether what was found is what this call has written: the SDK tries again after a lost answer */
  async #write(
    id: string,
    write: () => Promise<Stored>,
    isOurs: (found: Stored) => boolean,
  ): Promise<Written> {
    try {
      return { written: await write() };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const found = error.Item === undefined ? await this.#read(id) : fromItem(error.Item);
      return found !== undefined && isOurs(found) ? { written: found } : { found };
    }
  }

  /** For where the refusal does not tell what is there. */
  async #read(id: string): Promise<Stored | undefined> {
    const command = new GetItemCommand({ TableName: this.#table, Key: keyOf(id), ConsistentRead: true });
    const { Item: item } = await this.#client.send(command);
    return item && fromItem(item);
  }
}
