import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { recoveryLease as names, stateItems } from "../../contract/state-items.ts";
import { errorName } from "../runtime/error-name.ts";
import type { EventLogger } from "../runtime/observability.ts";

const KEY = { id: { S: stateItems.recoveryLease } };

export interface LeaseOptions {
  readonly table: string;
  readonly owner: string;
  /** What is left of this run: the lease ends with it, so that a killed run costs no more than its own time. */
  readonly milliseconds: number;
  readonly logger: EventLogger;
}

/**
 * Runs `work` unless another recovery is at it. Two at once lose nothing, they only go at twice the pace: so with the
 * state table out of reach it runs without a lease.
 *
 * @param endedWell whether a result counts as a run that ended well; one that throws does not
 * @returns what `work` returned, or `undefined` when another run holds the lease
 */
export async function withLease<T>(
  client: DynamoDBClient,
  options: LeaseOptions,
  work: () => Promise<T>,
  endedWell: (result: T) => boolean,
): Promise<T | undefined> {
  const { logger } = options;
  try {
    const holder = await acquire(client, options);
    if (holder !== undefined) {
      logger.info("Another run of recovery is at it", holder);
      return undefined;
    }
  } catch (error) {
    logger.warn("There is no lease to be had; this run works without one", { reason: errorName(error) });
  }
  let isWell = false;
  try {
    const result = await work();
    isWell = endedWell(result);
    return result;
  } finally {
    await release(client, options, isWell);
  }
}

/** @returns who holds it and for how long, where it is not to be had */
async function acquire(
  client: DynamoDBClient,
  { table, owner, milliseconds }: LeaseOptions,
): Promise<Record<string, string | number> | undefined> {
  const now = Date.now();
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: KEY,
        UpdateExpression: "SET #owner = :owner, #until = :until",
        ConditionExpression: "attribute_not_exists(#until) OR #until < :now",
        ExpressionAttributeNames: { "#owner": names.owner, "#until": names.until },
        ExpressionAttributeValues: {
          ":owner": { S: owner },
          ":until": { N: String(now + milliseconds) },
          ":now": { N: String(now) },
        },
      }),
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const { Item: item } = await client.send(
      new GetItemCommand({ TableName: table, Key: KEY, ConsistentRead: true }),
    );
    const until = Number(item?.[names.until]?.N ?? now);
    return { owner: item?.[names.owner]?.S ?? "unknown", seconds_left: Math.ceil((until - now) / 1_000) };
  }
}

/** Leaves the item there: it says when recovery last ran, and when it last ended well. */
async function release(
  client: DynamoDBClient,
  { table, owner }: LeaseOptions,
  isWell: boolean,
): Promise<void> {
  const well = isWell ? ", #endedWell = :now" : "";
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: KEY,
        UpdateExpression: `SET #until = :zero, #ended = :now${well}`,
        ConditionExpression: "#owner = :owner",
        ExpressionAttributeNames: {
          "#owner": names.owner,
          "#until": names.until,
          "#ended": names.endedAt,
          ...(isWell ? { "#endedWell": names.endedWellAt } : {}),
        },
        ExpressionAttributeValues: {
          ":owner": { S: owner },
          ":zero": { N: "0" },
          ":now": { N: String(Date.now()) },
        },
      }),
    );
  } catch {
    // Not ours any more, or out of reach: it ends by itself.
  }
}
