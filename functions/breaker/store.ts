import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  type BreakerEvent,
  type BreakerState,
  initialState,
  next,
  type ProbePauses,
} from "../../contract/breaker.ts";
import { stateItems } from "../../contract/state-items.ts";

const KEY = { id: { S: stateItems.breaker } };
const MAX_CONFLICTS = 10; // concurrent writers are a handful of processors and one recovery

interface Stored {
  readonly state: BreakerState;
  /** Counts writes; 0: never written. */
  readonly revision: number;
}

/**
 * The breaker's state in DynamoDB. Every change is a read, a pure step and a write on the condition that
 * nobody wrote in between, so that a crash leaves either the old state or the new one.
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
    return (await this.#load()).state;
  }

  /**
   * Tells the breaker what happened.
   *
   * @returns the state before and after; the same object when nothing changed.
   * @throws what DynamoDB throws; the state is then as it was, or as it should be.
   */
  async tell(event: BreakerEvent, now = new Date()): Promise<{ before: BreakerState; after: BreakerState }> {
    for (let conflicts = 0; ; conflicts++) {
      const { state: before, revision } = await this.#load();
      const after = next(before, event, now, this.#pauses);
      if (after === before) return { before, after };
      try {
        await this.#save(after, revision);
        return { before, after };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException) || conflicts >= MAX_CONFLICTS) throw error;
      }
    }
  }

  async #load(): Promise<Stored> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key: KEY, ConsistentRead: true }),
    );
    const state = Item?.["state"]?.S;
    if (state === undefined) return { state: initialState, revision: 0 };
    return { state: JSON.parse(state) as BreakerState, revision: Number(Item?.["revision"]?.N) };
  }

  async #save(state: BreakerState, revision: number): Promise<void> {
    await this.#client.send(
      new PutItemCommand({
        TableName: this.#table,
        Item: { ...KEY, state: { S: JSON.stringify(state) }, revision: { N: String(revision + 1) } },
        ConditionExpression: revision === 0 ? "attribute_not_exists(id)" : "revision = :revision",
        ...(revision === 0 ? {} : { ExpressionAttributeValues: { ":revision": { N: String(revision) } } }),
      }),
    );
  }
}
