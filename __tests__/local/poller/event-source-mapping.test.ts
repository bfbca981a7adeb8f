import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { jest } from "@jest/globals";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { LocalCloud } from "../../../local/cloud/cloud.ts";
import type { InvocationResult } from "../../../local/lambda/invocation-result.ts";
import { EventSourceMapping } from "../../../local/poller/event-source-mapping.ts";
import type { MappingModel } from "../../../local/stack/model.ts";

jest.setTimeout(30_000); // processes and sockets of their own, on a machine with other things to do

let folder: string;
let cloud: LocalCloud;
let queueUrl: string;
let queues = 0;
let mapping: EventSourceMapping | undefined;
/** What the function was called with. */
let batches: SQSEvent[];
let settled: { size: number; failed: number }[];
let onBatch: () => void;

const done: InvocationResult = { ok: true, payload: "null" };
const again = (...ids: string[]): InvocationResult => ({
  ok: true,
  payload: JSON.stringify({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) }),
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mapping-"));
  cloud = await LocalCloud.start("eu-west-1", folder);
});
afterAll(async () => {
  await cloud.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  const name = `events-${queues++}`;
  queueUrl = `${cloud.url}/000000000000/${name}`;
  await cloud.sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { VisibilityTimeout: "60" } }));
  batches = [];
  settled = [];
  onBatch = () => {};
});
afterEach(() => mapping?.stop());

function start(
  invoke: (event: SQSEvent) => InvocationResult | Promise<InvocationResult>,
  model: Partial<MappingModel> = {},
): EventSourceMapping {
  mapping = new EventSourceMapping(
    {
      address: "aws_lambda_event_source_mapping.under_test",
      uuid: "mapping",
      arn: "arn:aws:lambda:eu-west-1:000000000000:event-source-mapping:mapping",
      keepsEnabled: true,
      queueArn: "arn:aws:sqs:eu-west-1:000000000000:events",
      functionArn: "arn",
      enabled: true,
      batchSize: 10,
      batchWindowSeconds: 0,
      maximumConcurrency: 2,
      reportsBatchItemFailures: true,
      ...model,
    },
    {
      sqs: cloud.sqs,
      queueUrl,
      invoke: async (event) => {
        batches.push(event as SQSEvent);
        return invoke(event as SQSEvent);
      },
      onBatch: (batch) => {
        settled.push(batch);
        onBatch();
      },
      onError: (error) => {
        throw error;
      },
    },
  );
  mapping.enable();
  return mapping;
}

async function send(...bodies: string[]): Promise<void> {
  for (let i = 0; i < bodies.length; i += 10) {
    const entries = bodies.slice(i, i + 10).map((MessageBody, n) => ({ Id: String(n), MessageBody }));
    await cloud.sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
  }
}

function settledAre(is: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    onBatch = () => is() && resolve();
    onBatch();
  });
}

async function left(): Promise<number> {
  const { Attributes: attributes = {} } = await cloud.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["All"] }),
  );
  return (
    Number(attributes["ApproximateNumberOfMessages"]) +
    Number(attributes["ApproximateNumberOfMessagesNotVisible"])
  );
}

/** As a back-off of no seconds does. */
async function visibleAtOnce(records: readonly SQSRecord[]): Promise<void> {
  for (const { receiptHandle } of records) {
    const change = { QueueUrl: queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: 0 };
    await cloud.sqs.send(new ChangeMessageVisibilityCommand(change));
  }
}

test("a record is what Lambda hands over", async () => {
  await cloud.sqs.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: "Grüße 👋",
      MessageAttributes: {
        text: { DataType: "String", StringValue: "x" },
        bytes: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2]) },
      },
    }),
  );
  start(() => done);
  await settledAre(() => settled.length === 1);
  expect(batches[0]?.Records).toEqual([
    {
      messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      receiptHandle: expect.any(String),
      body: "Grüße 👋",
      attributes: {
        ApproximateReceiveCount: "1",
        ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
        SenderId: expect.any(String),
      },
      messageAttributes: {
        text: { stringValue: "x", stringListValues: [], binaryListValues: [], dataType: "String" },
        bytes: { binaryValue: "AQI=", stringListValues: [], binaryListValues: [], dataType: "Binary" },
      },
      md5OfBody: createHash("md5").update("Grüße 👋").digest("hex"),
      md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventSource: "aws:sqs",
      eventSourceARN: "arn:aws:sqs:eu-west-1:000000000000:events",
      awsRegion: "eu-west-1",
    },
  ]);
});

test("what succeeded is deleted, what is named comes again, with its receives counted", async () => {
  await send("good", "bad");
  start(
    async ({ Records }) => {
      const bad = Records.filter(({ body, attributes }) => {
        return body === "bad" && Number(attributes.ApproximateReceiveCount) < 3;
      });
      await visibleAtOnce(bad);
      return again(...bad.map(({ messageId }) => messageId));
    },
    { maximumConcurrency: 1 },
  );
  await settledAre(() => settled.reduce((sum, { size, failed }) => sum + size - failed, 0) === 2);
  const bodies = batches.flatMap(({ Records }) => Records.map(({ body }) => body));
  expect(bodies.filter((body) => body === "good")).toHaveLength(1);
  expect(bodies.filter((body) => body === "bad")).toHaveLength(3);
  expect(await left()).toBe(0);
});

test("a function that fails has all of them again", async () => {
  await send("a", "b");
  let calls = 0;
  start(
    async ({ Records }) => {
      calls++;
      if (calls > 1) return done;
      await visibleAtOnce(Records);
      return { ok: false, error: { errorType: "Error", errorMessage: "x" } };
    },
    { maximumConcurrency: 1 },
  );
  await settledAre(() => settled.reduce((sum, { size, failed }) => sum + size - failed, 0) === 2);
  expect(settled[0]).toEqual({ size: batches[0]?.Records.length, failed: batches[0]?.Records.length });
  expect(await left()).toBe(0);
});

test("a batch is as big as the mapping says, and no bigger", async () => {
  await send(...Array.from({ length: 7 }, (_, i) => String(i)));
  start(() => done, { batchSize: 3 });
  await settledAre(() => settled.reduce((sum, { size }) => sum + size, 0) === 7);
  expect(settled.map(({ size }) => size).sort()).toEqual([1, 3, 3]);
});

test("a batch over 10 is gathered within its window", async () => {
  await send(...Array.from({ length: 25 }, (_, i) => String(i)));
  start(() => done, { batchSize: 25, batchWindowSeconds: 20 });
  await settledAre(() => settled.length === 1);
  expect(settled[0]?.size).toBe(25);
});

test("never more invocations at once than its maximum concurrency", async () => {
  await send(...Array.from({ length: 6 }, (_, i) => String(i)));
  let now = 0;
  let most = 0;
  const waiting: (() => void)[] = [];
  start(
    async () => {
      most = Math.max(most, ++now);
      // Each waits for a second one: with a concurrency of one this would never end.
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 2) for (const go of waiting.splice(0)) go();
      });
      for (let i = 0; i < 20; i++) await left(); // time enough for a third one, if there were no bound
      now--;
      return done;
    },
    { batchSize: 1, maximumConcurrency: 2 },
  );
  await settledAre(() => settled.length === 6);
  expect(most).toBe(2);
});

test("disabled, it takes nothing; enabled again, it goes on", async () => {
  const made = start(() => done);
  await made.disable();
  await send("later");
  expect(batches).toEqual([]);
  expect(await left()).toBe(1);
  made.enable();
  await settledAre(() => settled.length === 1);
  expect(await left()).toBe(0);
});
