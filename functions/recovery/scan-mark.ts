import { type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { stateItems } from "../../contract/state-items.ts";

const KEY = { id: { S: stateItems.redriveScan } };
/** The count is approximate, and one may come as another goes: look at all of them now and then. */
const RESCAN_SECONDS = 1800;

/**
 * Remembers how many dead letters the last whole scan left alone, so that a queue full of permanent ones is
 * not read through every minute for nothing.
 */
export class ScanMark {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** Whether `count` dead letters can hold one that the last scan has not seen. */
  async isWorthALook(count: number, now: Date): Promise<boolean> {
    if (count === 0) return false;
    const { Item } = await this.#client.send(new GetItemCommand({ TableName: this.#table, Key: KEY }));
    const age = now.getTime() - Number(Item?.["at"]?.N ?? 0);
    return Number(Item?.["left"]?.N ?? -1) !== count || age >= RESCAN_SECONDS * 1000;
  }

  async save(left: number, now: Date): Promise<void> {
    await this.#client.send(
      new PutItemCommand({
        TableName: this.#table,
        Item: { ...KEY, left: { N: String(left) }, at: { N: String(now.getTime()) } },
      }),
    );
  }
}
