import { SendMessageCommand } from "@aws-sdk/client-sqs";
import {
  deleteDeadLetter,
  type RedriveTarget,
  redriveDeadLetter,
  sendMessage,
  showAgain,
} from "../../contract/dead-letter-queue.ts";
import { toAttributes } from "../../contract/event/dead-letter.ts";
import { receiveMessages } from "../../contract/queue-batch.ts";
import { startCloud } from "../support/fauxqs.ts";
import { forAllTests } from "../support/hooks.ts";

const cloud = forAllTests(() => startCloud());
beforeEach(() => cloud.reset());

const reason = toAttributes({ class: "exhausted", status: 503, message: "no", attempts: 5, redrives: 1 });
const target = (changes: Partial<RedriveTarget> = {}): RedriveTarget => ({
  queueUrl: cloud.queueUrl,
  deadLetterQueueUrl: cloud.deadLetterQueueUrl,
  maxMessageBytes: 262_144,
  ...changes,
});

/** Dead letters, received and so hidden. */
async function deadLetters(count: number, attributes = reason) {
  for (let number = 0; number < count; number++) {
    const message = { MessageBody: `event ${number}`, MessageAttributes: attributes };
    await cloud.sqs.send(new SendMessageCommand({ QueueUrl: cloud.deadLetterQueueUrl, ...message }));
  }
  const received = [];
  while (received.length < count)
    received.push(...(await receiveMessages(cloud.sqs, cloud.deadLetterQueueUrl, { hideSeconds: 60 })));
  return received;
}
const deadLetter = async (attributes = reason) => {
  const [message = {}] = await deadLetters(1, attributes);
  return message;
};
const visible = () => cloud.server.inspectQueue("events-dead-letters")?.messages.ready.length;

test("what was only looked at is visible again, ten to a call", async () => {
  const messages = await deadLetters(12);
  expect(visible()).toBe(0);
  const handles = messages.map(({ ReceiptHandle }) => ReceiptHandle ?? "");
  expect(await showAgain(cloud.sqs, cloud.deadLetterQueueUrl, handles)).toBe(0);
  expect(visible()).toBe(12);
  expect(await showAgain(cloud.sqs, cloud.deadLetterQueueUrl, [])).toBe(0);
});

test("what could not be shown is counted, whether SQS names it or the call fails", async () => {
  const message = await deadLetter();
  const handles = ["none", message.ReceiptHandle ?? "", "none either"];
  expect(await showAgain(cloud.sqs, cloud.deadLetterQueueUrl, handles)).toBe(2);
  expect(await showAgain(cloud.sqs, `${cloud.deadLetterQueueUrl}-gone`, Array(12).fill("x"))).toBe(12);
});

test("a redrive sends the body with one redrive more, and deletes after", async () => {
  expect(await redriveDeadLetter(cloud.sqs, target(), await deadLetter())).toEqual({ kind: "done" });
  expect(cloud.messages("dead-letter")).toEqual([]);
  expect(cloud.messages()).toEqual([
    { body: "event 0", attributes: { attempts: "5", redrives: "2", redriven_by: "operator" } },
  ]);
});

test("what has no room goes without, and is named", async () => {
  const own = { own: { DataType: "String" as const, StringValue: "x".repeat(100) } };
  const message = await deadLetter({ ...reason, ...own });
  const outcome = await redriveDeadLetter(cloud.sqs, target({ maxMessageBytes: 100 }), message);
  expect(outcome).toEqual({ kind: "done", leftOut: ["own"] });
  expect(cloud.messages("dead-letter")).toEqual([]);
});

test("one without room even for its redrives is refused as SQS would, and stays", async () => {
  const outcome = await redriveDeadLetter(cloud.sqs, target({ maxMessageBytes: 10 }), await deadLetter());
  expect(outcome).toMatchObject({
    kind: "refused",
    error: { name: "InvalidParameterValue", $metadata: { httpStatusCode: 400 } },
  });
  expect([cloud.messages(), cloud.messages("dead-letter").length]).toEqual([[], 1]);
});

test("one that SQS refuses stays; where SQS takes nothing, its error is thrown, and the letter stays too", async () => {
  const message = await deadLetter();
  const refused = await redriveDeadLetter(cloud.sqs, target(), { ...message, Body: "\u0000" });
  expect(refused).toMatchObject({
    kind: "refused",
    error: { name: "AWS.SimpleQueueService.InvalidMessageContents" },
  });
  const gone = target({ queueUrl: `${cloud.queueUrl}-gone` });
  await expect(redriveDeadLetter(cloud.sqs, gone, message)).rejects.toMatchObject({
    name: "QueueDoesNotExist",
  });
  expect([cloud.messages(), cloud.messages("dead-letter").length]).toEqual([[], 1]);
});

test("one that could not be deleted lies on both queues, and that is told", async () => {
  const message = await deadLetter();
  const gone = target({ deadLetterQueueUrl: `${cloud.deadLetterQueueUrl}-gone` });
  const outcome = await redriveDeadLetter(cloud.sqs, { ...gone, maxMessageBytes: 30 }, message);
  expect(outcome).toEqual({
    kind: "undeleted",
    error: expect.objectContaining({ name: "QueueDoesNotExist" }),
  });
  expect([cloud.messages().length, cloud.messages("dead-letter").length]).toEqual([1, 1]);
  expect(await deleteDeadLetter(cloud.sqs, cloud.deadLetterQueueUrl, message)).toEqual({ kind: "done" });
  expect(cloud.messages("dead-letter")).toEqual([]);
});

test("a message that was sent has no outcome but that", async () => {
  expect(await sendMessage(cloud.sqs, cloud.queueUrl, "x", undefined)).toBeUndefined();
  expect(cloud.messages()).toEqual([{ body: "x", attributes: {} }]);
});
