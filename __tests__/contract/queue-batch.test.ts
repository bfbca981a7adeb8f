import { SQSClient } from "@aws-sdk/client-sqs";
import { deleteMessages, receiveMessages, sendMessages } from "../../contract/queue-batch.ts";
import { type AwsAnswer, startAwsAnswers } from "../support/aws-answers.ts";
import { forEachTest } from "../support/hooks.ts";

/** SQS as a server that answers as `answer` says, everything with success at first. */
const queue = forEachTest(async () => {
  let answer: (input: Record<string, unknown>) => AwsAnswer = () => ({ body: {} });
  const aws = await startAwsAnswers((_, input) => answer(input));
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  // Without MD5: this server does not know what it answers.
  const sqs = new SQSClient({
    endpoint: aws.endpoint,
    region: "eu-west-1",
    credentials,
    maxAttempts: 1,
    md5: false,
  });
  return {
    sqs,
    url: `${aws.endpoint}/1/queue`,
    calls: aws.calls,
    answers(given: typeof answer) {
      answer = given;
    },
    async stop() {
      sqs.destroy();
      await aws.stop();
    },
  };
});

interface Entry {
  readonly Id: string;
  readonly MessageBody?: string;
  readonly ReceiptHandle?: string;
}
const entriesOf = ({ input }: { readonly input: Record<string, unknown> }) => input["Entries"] as Entry[];
const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);
const send = (bodies: readonly string[]) =>
  sendMessages(
    queue.sqs,
    queue.url,
    bodies.map((body) => ({ body })),
  );
const kinds = (outcomes: Awaited<ReturnType<typeof sendMessages>>) => outcomes.map(({ kind }) => kind);

test("a receive asks for all attributes, hides what it gives, and waits a second, so that it asks every server", async () => {
  queue.answers(() => ({ body: { Messages: [{ MessageId: "m" }] } }));
  expect(await receiveMessages(queue.sqs, queue.url, { hideSeconds: 30, count: 3 })).toEqual([
    { MessageId: "m" },
  ]);
  queue.answers(() => ({ body: {} }));
  expect(await receiveMessages(queue.sqs, queue.url, { hideSeconds: 30 })).toEqual([]);
  const input = {
    QueueUrl: queue.url,
    WaitTimeSeconds: 1,
    VisibilityTimeout: 30,
    MessageAttributeNames: ["All"],
    MessageSystemAttributeNames: ["All"],
  };
  expect(queue.calls).toEqual([
    { action: "ReceiveMessage", input: { ...input, MaxNumberOfMessages: 3 } },
    { action: "ReceiveMessage", input: { ...input, MaxNumberOfMessages: 10 } },
  ]);
});

test("ten messages go in a call, attributes where there are any", async () => {
  const attributes = { a: { DataType: "String", StringValue: "x" } };
  const messages = [
    { body: "0", attributes },
    ...numbers(20).map((number) => ({ body: String(number + 1) })),
  ];
  expect(kinds(await sendMessages(queue.sqs, queue.url, messages))).toEqual(Array(21).fill("sent"));
  expect(queue.calls.map((call) => [call.action, call.input["QueueUrl"], entriesOf(call).length])).toEqual([
    ["SendMessageBatch", queue.url, 10],
    ["SendMessageBatch", queue.url, 10],
    ["SendMessageBatch", queue.url, 1],
  ]);
  const [first, second] = entriesOf(queue.calls[0] ?? { input: {} });
  expect(first).toEqual({ Id: "0", MessageBody: "0", MessageAttributes: attributes });
  expect(second).toEqual({ Id: "1", MessageBody: "1" });
  expect(await send([])).toEqual([]);
});

const MIB = 1_048_576;
/** What is counted beside a message's text, and beside an attribute's. */
const OVERHEAD = 64;

test.each<[string, number[], number[]]>([
  ["just fill a call", [MIB / 2 - OVERHEAD, MIB / 2 - OVERHEAD], [2]],
  ["are a byte too much for one", [MIB / 2 - OVERHEAD, MIB / 2 - OVERHEAD + 1], [1, 1]],
  ["leave the next call its whole room", [MIB - OVERHEAD, MIB / 2 - OVERHEAD, MIB / 2 - OVERHEAD], [1, 2]],
  ["are too big for any", [MIB, 1], [1, 1]],
])("messages that %s", async (_, sizes, expected) => {
  await send(sizes.map((size) => "x".repeat(size)));
  expect(queue.calls.map((call) => entriesOf(call).length)).toEqual(expected);
});

test("an attribute's name, type, text and bytes take room in a call", async () => {
  const value = { DataType: "Number.x", StringValue: "ü1", BinaryValue: Buffer.from("abc") };
  const size = OVERHEAD + "n".length + 8 + 3 + 3 + OVERHEAD;
  for (const more of [0, 1]) {
    const body = "x".repeat(MIB - size - OVERHEAD + more);
    await sendMessages(queue.sqs, queue.url, [{ body: "", attributes: { n: value } }, { body }]);
  }
  expect(queue.calls.map((call) => entriesOf(call).length)).toEqual([2, 1, 1]);
});

test("of one call some are sent, some refused for good, and some fail for now", async () => {
  const failed = [
    { Id: "1", SenderFault: true, Code: "InvalidMessageContents", Message: "U+FFFF" },
    { Id: "2", SenderFault: false, Code: "InternalError" },
    { Id: "3", SenderFault: true, Code: "KmsThrottled" },
    { Id: "4", SenderFault: true },
  ];
  queue.answers(() => ({ body: { Successful: [], Failed: failed } }));
  const outcomes = await send(["a", "b", "c", "d", "e"]);
  expect(kinds(outcomes)).toEqual(["sent", "refused", "failed", "failed", "refused"]);
  expect(outcomes.map((outcome) => ("error" in outcome ? String(outcome.error) : ""))).toEqual([
    "",
    "InvalidMessageContents: U+FFFF",
    "InternalError",
    "KmsThrottled",
    "",
  ]);
});

test("where a call is refused as a whole, each message alone tells whether it is the one", async () => {
  queue.answers((input) =>
    JSON.stringify(input).includes("bad") ? { error: "InvalidMessageContents", body: {} } : { body: {} },
  );
  const outcomes = await send(["good", "bad", "good too"]);
  expect(kinds(outcomes)).toEqual(["sent", "refused", "sent"]);
  expect(outcomes[1]).toMatchObject({ error: { name: "InvalidMessageContents" } });
  expect(queue.calls.map((call) => entriesOf(call).length)).toEqual([3, 1, 1, 1]);
});

test("where SQS does not answer well, that call fails, and the next is not even tried", async () => {
  queue.answers(() => ({ status: 500, error: "InternalError", body: {} }));
  const outcomes = await send(numbers(12).map(String));
  expect(kinds(outcomes)).toEqual(Array(12).fill("failed"));
  expect(outcomes[11]).toMatchObject({ error: { name: "InternalError" } });
  expect(queue.calls).toHaveLength(1);
});

test("what could not be deleted is told by its place, whether SQS named it or the call failed", async () => {
  queue.answers((input) =>
    entriesOf({ input }).length === 10
      ? { body: { Failed: [{ Id: "3", Code: "ReceiptHandleIsInvalid", Message: "gone" }] } }
      : { status: 500, error: "InternalError", body: {} },
  );
  const errors = await deleteMessages(
    queue.sqs,
    queue.url,
    numbers(12).map((number) => `handle-${number}`),
  );
  expect([...errors].map(([index, error]) => `${index} ${(error as Error).name}`)).toEqual([
    "3 ReceiptHandleIsInvalid",
    "10 InternalError",
    "11 InternalError",
  ]);
  expect(queue.calls.map(({ action, input }) => [action, input["QueueUrl"]])).toEqual([
    ["DeleteMessageBatch", queue.url],
    ["DeleteMessageBatch", queue.url],
  ]);
  expect(queue.calls.map((call) => entriesOf(call).at(-1))).toEqual([
    { Id: "9", ReceiptHandle: "handle-9" },
    { Id: "11", ReceiptHandle: "handle-11" },
  ]);
  queue.answers(() => ({ body: {} }));
  expect((await deleteMessages(queue.sqs, queue.url, ["x"])).size).toBe(0);
});
