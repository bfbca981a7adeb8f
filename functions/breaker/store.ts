import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  type BreakerEvent,
  type BreakerState,
  initialState,
  next,
  type ProbePauses,
} from "../../contract/breaker.ts";
import {
  bucketOf,
  type Evidence,
  noEvidence,
  outagesAttribute,
  readEvidence,
  rowAttributes,
} from "../../contract/evidence.ts";
import { stateItems } from "../../contract/state-items.ts";
import { evidenceUpdate, type Item } from "./evidence-update.ts";
import type { Seen } from "./observation.ts";

const KEY = { id: { S: stateItems.breaker } };
const MAX_CONFLICTS = 10; // concurrent writers are a handful of processors and one recovery

/** The breaker's state, and what the processors have seen. */
export interface BreakerItem {
  readonly state: BreakerState;
  readonly evidence: Evidence;
  /** As it is stored. */
  readonly item: Item;
}

export const emptyItem: BreakerItem = { state: initialState, evidence: noEvidence, item: {} };

/**
 * The breaker's state in DynamoDB. Every change is a read, a pure step and a write on the condition that
 * nobody wrote in between, so that a crash leaves either the old state or the new one. The evidence lies in the same
 * item, and is added up without a condition, but for the first failure of a row.
 */
export class BreakerStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #pauses: ProbePauses;

  constructor(client: DynamoDBClient, table: string, pauses: ProbePauses) {
    this.#client = client;
    this.#table = table;
    this.#pauses = pauses;
  }

  async read(): Promise<BreakerState> {
    return (await this.look()).state;
  }

  async look(): Promise<BreakerItem> {
    const { Item: item = {} } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key: KEY, ConsistentRead: true }),
    );
    return breakerItem(item);
  }

  /**
   * Adds to the evidence what an execution environment has seen.
   *
   * @returns what all of them together have seen
   */
  async add(
    known: BreakerItem,
    seen: { readonly earlier: readonly Seen[]; readonly fresh: readonly Seen[] },
    mostFailing: number,
    now: number,
  ): Promise<BreakerItem> {
    const write = async ({ item, evidence }: BreakerItem) => {
      const { Attributes: after = {} } = await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: KEY,
          ...evidenceUpdate(item, evidence, seen, mostFailing, now),
          ReturnValues: "ALL_NEW",
        }),
      );
      return breakerItem(after);
    };
    // Somebody else has begun a row: this is no longer its first failure.
    return await write(known).catch(async (error: unknown) => {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return await write(await this.look());
    });
  }

  /**
   * Tells the breaker what happened.
   *
   * @returns the state before and after; the same object when nothing changed.
   * @throws what DynamoDB throws; the state is then as it was, or as it should be.
   */
  async tell(event: BreakerEvent, now = new Date()): Promise<{ before: BreakerState; after: BreakerState }> {
    for (let conflicts = 0; ; conflicts++) {
      const { state: before, evidence, item } = await this.look();
      const after = next(before, event, now, this.#pauses);
      if (after === before) return { before, after };
      try {
        const hasChanged = before.status !== after.status;
        await this.#save(after, Number(item["revision"]?.N ?? 0), hasChanged ? evidence : undefined, now);
        return { before, after };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException) || conflicts >= MAX_CONFLICTS) throw error;
      }
    }
  }

  /**
   * @param ending the evidence where the status changes: what failed before says nothing about a destination that has
   * come back since, so the row ends, and how long it was is no measure of how it goes otherwise
   */
  async #save(state: BreakerState, revision: number, ending: Evidence | undefined, now: Date): Promise<void> {
    const missed = ending === undefined ? 0 : ending.failedInRow + ending.refusedInRow;
    const end = ` REMOVE ${rowAttributes.join(", ")} ADD #outages :missed`;
    const condition = revision === 0 ? "attribute_not_exists(revision)" : "revision = :revision";
    await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: KEY,
        UpdateExpression: `SET #state = :state, revision = :next${ending === undefined ? "" : end}`,
        ConditionExpression: condition,
        ExpressionAttributeNames: {
          "#state": "state", // a word of DynamoDB's
          ...(ending === undefined ? {} : { "#outages": outagesAttribute(bucketOf(now.getTime())) }),
        },
        ExpressionAttributeValues: {
          ":state": { S: JSON.stringify(state) },
          ":next": { N: String(revision + 1) },
          ...(ending === undefined ? {} : { ":missed": { N: String(missed) } }),
          ...(revision === 0 ? {} : { ":revision": { N: String(revision) } }),
        },
      }),
    );
  }
}

function breakerItem(item: Item): BreakerItem {
  const text = item["state"]?.S;
  return {
    state: text === undefined ? initialState : (JSON.parse(text) as BreakerState),
    evidence: readEvidence(item, Date.now()),
    item,
  };
}
