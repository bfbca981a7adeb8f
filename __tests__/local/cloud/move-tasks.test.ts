import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CancelMessageMoveTaskCommand,
  CreateQueueCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { LocalCloud } from "../../../local/cloud/cloud.ts";
import { forAllTests, standIn } from "../../support/hooks.ts";

const arn = (name: string) => `arn:aws:sqs:eu-west-1:000000000000:${name}`;

const started = forAllTests(
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "move-"));
    return { folder, cloud: await LocalCloud.start("eu-west-1", folder) };
  },
  async ({ folder, cloud }) => {
    await cloud.stop();
    await rm(folder, { recursive: true, force: true });
  },
);
const cloud = standIn(() => started.cloud);

beforeAll(async () => {
  for (const QueueName of ["main", "dead"]) await cloud.sqs.send(new CreateQueueCommand({ QueueName }));
  const policy = JSON.stringify({ deadLetterTargetArn: arn("dead"), maxReceiveCount: 5 });
  const Attributes = { RedrivePolicy: policy };
  await cloud.sqs.send(new SetQueueAttributesCommand({ QueueUrl: await urlOf("main"), Attributes }));
});

/** As a program does that knows a queue's name alone. */
async function urlOf(QueueName: string): Promise<string | undefined> {
  return (await cloud.sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
}

async function fill(count: number): Promise<void> {
  const entries = Array.from({ length: count }, (_, index) => ({
    Id: String(index),
    MessageBody: String(index),
    MessageAttributes: { class: { DataType: "String", StringValue: "permanent" } },
  }));
  const QueueUrl = await urlOf("dead");
  for (let at = 0; at < count; at += 10) {
    const Entries = entries.slice(at, at + 10);
    await cloud.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  }
}

async function latest() {
  const command = new ListMessageMoveTasksCommand({ SourceArn: arn("dead") });
  return (await cloud.sqs.send(command)).Results?.[0];
}

async function ended() {
  for (;;) {
    const task = await latest();
    if (task?.Status !== "RUNNING" && task?.Status !== "CANCELLING") return task;
  }
}

const start = (more: object = {}) =>
  cloud.sqs.send(
    new StartMessageMoveTaskCommand({ SourceArn: arn("dead"), DestinationArn: arn("main"), ...more }),
  );

test("the SDK can call the URLs that it is told", async () => {
  expect(await urlOf("main")).toBe(`${cloud.url}/000000000000/main`);
  const { QueueUrls } = await cloud.sqs.send(new ListQueuesCommand({}));
  expect(QueueUrls).toEqual(["dead", "main"].map((name) => `${cloud.url}/000000000000/${name}`));
  for (const QueueUrl of QueueUrls ?? []) await cloud.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
});

test("a task moves what is there, with its attributes, and says how much", async () => {
  await fill(25);
  await start();
  expect(await ended()).toMatchObject({
    Status: "COMPLETED",
    ApproximateNumberOfMessagesMoved: 25,
    ApproximateNumberOfMessagesToMove: 25,
  });
  const bodies = new Set<string | undefined>();
  while (bodies.size < 25) {
    const { Messages = [] } = await cloud.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: await urlOf("main"),
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ["All"],
      }),
    );
    for (const { Body, MessageAttributes } of Messages) {
      expect(MessageAttributes).toHaveProperty("class.StringValue", "permanent");
      bodies.add(Body);
    }
  }
});

test("one at a time; a cancelled one leaves the others where they are", async () => {
  await fill(30);
  const { TaskHandle } = await start({ MaxNumberOfMessagesPerSecond: 1 });
  await expect(start()).rejects.toThrow("There is already a task running.");
  await cloud.sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
  const task = await ended();
  expect(task?.Status).toBe("CANCELLED");
  expect(task?.ApproximateNumberOfMessagesMoved).toBeLessThan(30);
  await expect(cloud.sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

test.each([
  [{ MaxNumberOfMessagesPerSecond: 501 }, "from 1 to 500 a second"],
  [{ SourceArn: arn("main") }, "must be configured as a Dead Letter Queue"],
  [{ SourceArn: arn("nobody") }, "There is no queue"],
])("%j is refused as SQS refuses it", async (more, said) => {
  await expect(start(more)).rejects.toThrow(said);
});

test("without a destination nobody knows where messages came from, and they stay", async () => {
  await start({ DestinationArn: undefined });
  expect(await ended()).toMatchObject({
    Status: "FAILED",
    FailureReason: "CouldNotDetermineMessageSource",
  });
});
