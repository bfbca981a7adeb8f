import { createHash } from "node:crypto";
import { type Message, SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { sweep } from "../../../cli/dlq/sweep.ts";
import { type AwsAnswer, startAwsAnswers } from "../../support/aws-answers.ts";
import { startCloud } from "../../support/fauxqs.ts";

const { signal } = new AbortController();
const none = new Set<string>();
const message = (id: string, receive: number) => ({
  MessageId: id,
  ReceiptHandle: `${id}-${receive}`,
  Body: id,
  MD5OfBody: createHash("md5").update(id).digest("hex"),
});

/** A sweep of a queue that answers so; what it has shown again, by receipt handle. */
async function sweepOf(receive: (count: number) => AwsAnswer, visible = 2) {
  let receives = 0;
  const shown: string[] = [];
  const aws = await startAwsAnswers((action, input) => {
    if (action === "GetQueueAttributes") {
      return { body: { Attributes: { ApproximateNumberOfMessages: String(visible) } } };
    }
    if (action === "ReceiveMessage") return receive(receives++);
    const entries = input["Entries"] as { ReceiptHandle: string; VisibilityTimeout: number; Id: string }[];
    shown.push(
      ...entries.filter((entry) => entry.VisibilityTimeout === 0).map((entry) => entry.ReceiptHandle),
    );
    return { body: { Successful: entries.map(({ Id }) => ({ Id })), Failed: [] } };
  });
  const sqs = new SQSClient({
    endpoint: aws.endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
  const visited: string[] = [];
  const visit = async (messages: readonly Message[]) => {
    visited.push(...messages.map(({ MessageId: id = "" }) => id));
    return none;
  };
  const result = await sweep(sqs, `${aws.endpoint}/1/dead`, visit, { signal, receivers: 1 }).catch(
    (error: Error) => error,
  );
  sqs.destroy();
  await aws.stop();
  return { result, visited, shown };
}

test("a message that comes again before the end is visited once, and shown by its latest handle", async () => {
  const answers = [[message("a", 1)], [message("b", 1), message("a", 2)], []];
  const { result, visited, shown } = await sweepOf((count) => ({ body: { Messages: answers[count] ?? [] } }));
  expect(result).toMatchObject({ seen: 2, complete: true, late: 0 });
  expect(visited).toEqual(["a", "b"]);
  expect(shown).toEqual(["a-2", "b-1"]);
});

test("a queue whose messages come again faster than the rest is seen has an end, and that it is not the whole is told", async () => {
  const { result, visited } = await sweepOf((count) => ({ body: { Messages: [message("a", count)] } }));
  expect(result).toMatchObject({ seen: 1, complete: false });
  expect(visited).toEqual(["a"]);
});

test("a look that breaks shows again what it holds", async () => {
  const { result, shown } = await sweepOf((count) =>
    count === 0 ? { body: { Messages: [message("a", 1)] } } : { error: "InternalError", body: {} },
  );
  expect(result).toBeInstanceOf(Error);
  expect(shown).toEqual(["a-1"]);
});

test("a thousand messages are each seen once, by several receivers at a time", async () => {
  const cloud = await startCloud();
  for (let batch = 0; batch < 100; batch++) {
    const Entries = Array.from({ length: 10 }, (_, i) => ({ Id: String(i), MessageBody: `${batch}-${i}` }));
    await cloud.sqs.send(new SendMessageBatchCommand({ QueueUrl: cloud.deadLetterQueueUrl, Entries }));
  }
  const bodies: string[] = [];
  const visit = async (messages: readonly Message[]) => {
    bodies.push(...messages.map(({ Body: body = "" }) => body));
    return none;
  };
  const result = await sweep(cloud.sqs, cloud.deadLetterQueueUrl, visit, { signal });
  expect(result).toMatchObject({ seen: 1_000, complete: true, hiddenByOthers: 0, late: 0 });
  expect([bodies.length, new Set(bodies).size]).toEqual([1_000, 1_000]);
  const { ready = [] } = cloud.server.inspectQueue("events-dead-letters")?.messages ?? {};
  expect(new Set(ready.map(({ approximateReceiveCount }) => approximateReceiveCount))).toEqual(new Set([1]));
  expect(ready).toHaveLength(1_000);
  await cloud.stop();
});
