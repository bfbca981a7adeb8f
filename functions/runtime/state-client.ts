import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type ClientBounds, clientConfig, type Endpoint } from "./clients.ts";

/** The state table's client, in a file of its own: the receiver must not load what it does not use. */
export function stateClient(options: ClientBounds & Endpoint): DynamoDBClient {
  return new DynamoDBClient(clientConfig(options));
}
