import { CreateBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import { CreateQueueCommand, SetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { LocalStack } from "../stack/model.ts";

/**
 * Makes the stack's queues and buckets where they are not there yet, and gives the queues the stack's
 * attributes, so that a changed number counts for data of an earlier run too.
 */
export async function provision(stack: LocalStack, sqs: SQSClient, s3: S3Client): Promise<void> {
  for (const queue of stack.queues) {
    await sqs.send(new CreateQueueCommand({ QueueName: queue.name }));
  }
  for (const queue of stack.queues) {
    if (Object.keys(queue.attributes).length === 0) continue;
    const set = new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes: queue.attributes });
    await sqs.send(set).catch((error: Error) => {
      throw new Error(`${queue.address}: ${error.message}`, { cause: error });
    });
  }
  for (const bucket of stack.buckets) {
    await s3.send(new CreateBucketCommand({ Bucket: bucket.name })).catch((error: Error) => {
      if (error.name !== "BucketAlreadyOwnedByYou" && error.name !== "BucketAlreadyExists") throw error;
    });
  }
}
