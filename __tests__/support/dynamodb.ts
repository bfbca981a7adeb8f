import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import { stateItems } from "../../contract/state-items.ts";
import { serveTables } from "../../local/cloud/tables.ts";

export interface StateTable {
  readonly client: DynamoDBClient;
  readonly endpoint: string;
  readonly table: string;
  /** Forgets the breaker and all evidence. */
  empty(): Promise<void>;
  stop(): Promise<void>;
}

/** A real DynamoDB wire (dynalite, in memory, with PartiQL's INSERT before it) with the state table as the stack makes it. */
export async function startStateTable(): Promise<StateTable> {
  const server = dynalite({ createTableMs: 0 });
  const [dynalites] = server.listeners("request") as [RequestListener];
  server.removeAllListeners("request");
  server.on("request", (request, response) => {
    void serveTables(dynalites, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new DynamoDBClient({
    endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const table = "state";
  await client.send(
    new CreateTableCommand({
      TableName: table,
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  const wait = { client, minDelay: 0.01, maxDelay: 0.2, maxWaitTime: 60 };
  await waitUntilTableExists(wait, { TableName: table });
  return {
    client,
    endpoint,
    table,
    async empty() {
      await client.send(new DeleteItemCommand({ TableName: table, Key: { id: { S: stateItems.breaker } } }));
    },
    async stop() {
      client.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
