import { type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { stateItems } from "../../contract/state-items.ts";
import type { KnownWaiting } from "./known-waiting.ts";

/** What one run of recovery leaves to the next. Without it nothing is lost: the next run looks at everything. */
export interface Memory {
  /** After the last look at the whole dead-letter queue. */
  deadLetters?: {
    /** When it ended, milliseconds since 1970, as all times here. */
    readonly at: number;
    /** How many were left there. */
    readonly left: number;
    /** How many of those recovery may redrive, once deliveries succeed. */
    readonly redrivable: number;
    /** When the oldest of them was sent. */
    readonly oldestSentAt?: number;
  };
  /** What is known of the main queue. */
  queue?: {
    /** When it was empty last: no message in it was sent before. */
    readonly emptyAt?: number;
    /** How many runs in a row have found it empty. */
    readonly emptyRuns: number;
    /** Before that there is no need to look how old its messages are. */
    readonly lookAt?: number;
    /** When the oldest message was sent that the last look found too old, and could not park. */
    readonly oldestSentAt?: number;
    /** The last count, and how many were put there since by recovery. */
    readonly counted?: { readonly at: number; readonly visible: number; readonly sent: number };
  };
  /** How many dead letters there were at the end of the last run, and since when there have been any. */
  deadLetterCount?: { readonly count: number; readonly since: number };
  /** Why events wait that other alarms tell of. */
  waiting?: KnownWaiting;
  /** That whoever hears of alarms was told why deliveries have stopped, and since when they had. */
  stopTold?: { readonly since: number };
  /** Objects and messages that could not be handled, by key or id. */
  aside: Record<string, { readonly tries: number; readonly nextTryAt: number }>;
  /** Where the last run had to stop among the spilled objects. */
  spillCursor?: string;
}

const KEY = { id: { S: stateItems.recoveryMemory } };

/** Only the run that holds the lease writes, so a plain put is enough. */
export class MemoryStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  #saved: string | undefined;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** @throws what DynamoDB throws */
  async load(): Promise<Memory> {
    const { Item } = await this.#client.send(new GetItemCommand({ TableName: this.#table, Key: KEY }));
    this.#saved = Item?.["memory"]?.S;
    return this.#saved === undefined ? { aside: {} } : (JSON.parse(this.#saved) as Memory);
  }

  /** Writes only what has changed. @throws what DynamoDB throws */
  async save(memory: Memory): Promise<void> {
    const text = JSON.stringify(memory);
    if (text === this.#saved) return;
    await this.#client.send(
      new PutItemCommand({ TableName: this.#table, Item: { ...KEY, memory: { S: text } } }),
    );
    this.#saved = text;
  }
}
