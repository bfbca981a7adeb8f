import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { FauxqsServer } from "fauxqs";
import { startQueuesAndBuckets } from "../../local/cloud/fauxqs.ts";

const region = "eu-west-1";
const credentials = { accessKeyId: "test", secretAccessKey: "planted-aws-secret-access-key" };

/** What lies on a queue. */
interface QueuedMessage {
  readonly body: string;
  /** Message attributes, by name. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Cloud {
  readonly server: FauxqsServer;
  readonly endpoint: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly bucket: string;
  readonly sqs: SQSClient;
  readonly s3: S3Client;
  /** All messages of the queue, without receiving them. */
  messages(queue?: "main" | "dead-letter"): QueuedMessage[];
  keys(prefix?: string): Promise<string[]>;
  object(key: string): Promise<{ bytes: Buffer; metadata: Readonly<Record<string, string>> }>;
  /** Empties queues and bucket. */
  reset(): void;
  stop(): Promise<void>;
}

/**
 * Real SQS and S3 wires (fauxqs, in memory): a main queue, a dead-letter queue, a bucket. The SDK clients of
 * the code under test find credentials and region in the environment, which this sets.
 */
export async function startCloud(queueAttributes: Record<string, string> = {}): Promise<Cloud> {
  process.env["AWS_ACCESS_KEY_ID"] = credentials.accessKeyId;
  process.env["AWS_SECRET_ACCESS_KEY"] = credentials.secretAccessKey;
  process.env["AWS_REGION"] = region;
  const server = await startQueuesAndBuckets({ region });
  const endpoint = `http://127.0.0.1:${server.port}`;
  const names = { main: "events", "dead-letter": "events-dead-letters" } as const;
  server.createQueue(names["dead-letter"], { region });
  server.createQueue(names.main, { region, attributes: queueAttributes });
  const bucket = "overflow";
  server.createBucket(bucket);
  const sqs = new SQSClient({ endpoint, region, credentials });
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  return {
    server,
    endpoint,
    queueUrl: `${endpoint}/000000000000/${names.main}`,
    deadLetterQueueUrl: `${endpoint}/000000000000/${names["dead-letter"]}`,
    bucket,
    sqs,
    s3,
    messages(queue = "main") {
      const { ready = [], delayed = [], inflight = [] } = server.inspectQueue(names[queue])?.messages ?? {};
      return [...ready, ...delayed, ...inflight.map(({ message }) => message)].map((message) => ({
        body: message.body,
        attributes: Object.fromEntries(
          Object.entries(message.messageAttributes).map(([name, { StringValue }]) => [
            name,
            StringValue ?? "",
          ]),
        ),
      }));
    },
    async keys(prefix = "") {
      const { Contents: contents = [] } = await s3.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }),
      );
      return contents.map(({ Key }) => Key ?? "");
    },
    async object(key) {
      const { Body, Metadata } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return { bytes: Buffer.from((await Body?.transformToByteArray()) ?? []), metadata: Metadata ?? {} };
    },
    reset: () => server.reset(),
    async stop() {
      sqs.destroy();
      s3.destroy();
      await server.stop();
    },
  };
}

/** Receives up to ten messages as the poller would, attributes included. */
export async function receiveMessages(cloud: Cloud, queueUrl = cloud.queueUrl) {
  const { Messages: messages = [] } = await cloud.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 1,
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["All"],
    }),
  );
  return messages;
}
