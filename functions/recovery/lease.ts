import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { recoveryLease as names, stateItems } from "../../contract/state-items.ts";

const KEY = { id: { S: stateItems.recoveryLease } };

/**
 * Runs `work` unless another recovery is at it. The lease ends by itself, so that a killed run locks nobody
 * out; `seconds` must be at least the function's timeout, so that it never ends under a run that is alive.
 *
 * @returns what `work` returned, or `undefined` when another run holds the lease.
 */
export async function withLease<T>(
  client: DynamoDBClient,
  table: string,
  owner: string,
  seconds: number,
  work: () => Promise<T>,
): Promise<T | undefined> {
  if (!(await acquire(client, table, owner, seconds))) return undefined;
  try {
    return await work();
  } finally {
    await release(client, table, owner);
  }
}

async function acquire(
  client: DynamoDBClient,
  table: string,
  owner: string,
  seconds: number,
): Promise<boolean> {
  const now = Date.now();
  try {
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item: { ...KEY, [names.owner]: { S: owner }, [names.until]: { N: String(now + seconds * 1000) } },
        ConditionExpression: "attribute_not_exists(id) OR #until < :now",
        ExpressionAttributeNames: { "#until": names.until },
        ExpressionAttributeValues: { ":now": { N: String(now) } },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** Leaves the item there: it says when recovery last ran. */
async function release(client: DynamoDBClient, table: string, owner: string): Promise<void> {
  try {
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item: {
          ...KEY,
          [names.owner]: { S: owner },
          [names.until]: { N: "0" },
          [names.endedAt]: { N: String(Date.now()) },
        },
        ConditionExpression: "#owner = :owner",
        ExpressionAttributeNames: { "#owner": names.owner },
        ExpressionAttributeValues: { ":owner": { S: owner } },
      }),
    );
  } catch {
    // Not ours any more, or out of reach: it ends by itself.
  }
}
