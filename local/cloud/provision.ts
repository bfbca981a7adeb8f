import {
  CreateTableCommand,
  type KeySchemaElement,
  type ScalarAttributeType,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { CreateQueueCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { BucketModel, LocalStack, QueueModel, TableModel } from "../stack/model.ts";
import type { LocalCloud } from "./cloud.ts";

const WAIT_SECONDS = { minDelay: 0.01, maxDelay: 0.2, maxWaitTime: 60 };

/**
 * Makes the stack's queues, buckets, tables and parameters where they are not there yet, and gives the queues
 * the stack's attributes, so that a changed number counts for data of an earlier run too.
 */
export async function provision(stack: LocalStack, cloud: LocalCloud): Promise<void> {
  await makeQueues(stack.queues, cloud);
  for (const bucket of stack.buckets) await makeBucket(bucket, cloud);
  for (const table of stack.tables) await makeTable(table, cloud);
  await cloud.parameters.provision(stack.parameters);
}

async function makeQueues(queues: readonly QueueModel[], { sqs }: LocalCloud): Promise<void> {
  for (const { name } of queues) await sqs.send(new CreateQueueCommand({ QueueName: name }));
  for (const { address, url, attributes } of queues) {
    if (Object.keys(attributes).length === 0) continue;
    const set = new SetQueueAttributesCommand({ QueueUrl: url, Attributes: attributes });
    await sqs.send(set).catch((error: Error) => {
      throw new Error(`${address}: ${error.message}`, { cause: error });
    });
  }
}

async function makeBucket({ name }: BucketModel, { s3 }: LocalCloud): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: name })).catch((error: Error) => {
    if (error.name !== "BucketAlreadyOwnedByYou" && error.name !== "BucketAlreadyExists") throw error;
  });
}

async function makeTable(table: TableModel, { dynamodb }: LocalCloud): Promise<void> {
  const keys: KeySchemaElement[] = [{ AttributeName: table.hashKey, KeyType: "HASH" }];
  if (table.rangeKey !== undefined) keys.push({ AttributeName: table.rangeKey, KeyType: "RANGE" });
  const create = new CreateTableCommand({
    TableName: table.name,
    KeySchema: keys,
    AttributeDefinitions: Object.entries(table.attributes).map(([AttributeName, type]) => ({
      AttributeName,
      AttributeType: type as ScalarAttributeType,
    })),
    BillingMode: "PAY_PER_REQUEST",
  });
  await dynamodb.send(create).catch((error: Error) => {
    if (error.name === "ResourceInUseException") return; // it is there, and its keys never change
    throw new Error(`${table.address}: ${error.message}`, { cause: error });
  });
  // Until it is ACTIVE, whoever asks for an item is told that there is no table.
  await waitUntilTableExists({ client: dynamodb, ...WAIT_SECONDS }, { TableName: table.name });
}
