import type { Message } from "@aws-sdk/client-sqs";
import type { Caller } from "../../../simulation/aws/calls.ts";
import { ModelError } from "../../../simulation/aws/errors.ts";
import type { Queue } from "../../../simulation/aws/queue.ts";
import { Sqs } from "../../../simulation/aws/sqs.ts";
import { arnOf, errorOf, SECOND, Simulated } from "../../support/simulated.ts";

let world: Simulated;
let main: Queue;
let dead: Queue;
let sqs: Sqs;
beforeEach(() => {
  world = new Simulated();
  ({ main, dead } = world.queues({ maxMessageBytes: 1_000 }, { maxMessageBytes: 1_000 }));
  sqs = new Sqs([main, dead], world.clock);
});

const caller: Caller = { name: "test", alive: true, hops: 3, die() {} };
// biome-ignore lint/suspicious/noExplicitAny: an answer is what the operation's name says
const call = (operation: string, input: object): any =>
  sqs.operate(operation, { QueueUrl: main.settings.url, ...input } as never, caller);
const text = (StringValue: string) => ({ DataType: "String", StringValue });
const attributes = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`name${i}`, text("x")]));
const receiveAll = { MessageAttributeNames: ["All"], MessageSystemAttributeNames: ["All"] };

describe("a send", () => {
  test.each<[string, object, string]>([
    ["of nothing", { MessageBody: "" }, "MissingParameter"],
    ["of U+FFFF", { MessageBody: "a\uFFFF" }, "InvalidMessageContents"],
    ["of U+FFFE", { MessageBody: "a\uFFFE" }, "InvalidMessageContents"],
    ["of a control character", { MessageBody: "a\u0000" }, "InvalidMessageContents"],
    ["of half a surrogate pair", { MessageBody: "a\uD83D" }, "InvalidMessageContents"],
    ["with 11 attributes", { MessageBody: "a", MessageAttributes: attributes(11) }, "InvalidParameterValue"],
    [
      "with an empty attribute",
      { MessageBody: "a", MessageAttributes: { x: text("") } },
      "InvalidParameterValue",
    ],
    [
      "with an attribute without a type",
      { MessageBody: "a", MessageAttributes: { x: { StringValue: "x" } } },
      "InvalidParameterValue",
    ],
    [
      "with an attribute named as AWS's own",
      { MessageBody: "a", MessageAttributes: { "AWS.x": text("x") } },
      "InvalidParameterValue",
    ],
    [
      "with a bad character in an attribute",
      { MessageBody: "a", MessageAttributes: { x: text("\uFFFF") } },
      "InvalidParameterValue",
    ],
    ["of one byte too many", { MessageBody: "a".repeat(1_001) }, "InvalidParameterValue"],
    ["of too many bytes in UTF-8", { MessageBody: "ü".repeat(501) }, "InvalidParameterValue"],
    ["delayed too long", { MessageBody: "a", DelaySeconds: 901 }, "InvalidParameterValue"],
    ["to a queue that is not there", { MessageBody: "a", QueueUrl: "https://x" }, "QueueDoesNotExist"],
  ])("%s is refused for good", (_, input, name) => {
    expect(errorOf(() => call("SendMessage", input))).toEqual({ name, status: 400 });
    expect(main.depth.visible).toBe(0);
  });

  test.each<[string, object]>([
    ["10 attributes", { MessageBody: "a", MessageAttributes: attributes(10) }],
    ["every character that there may be", { MessageBody: "\t\n\r ~\uD7FF\uE000\uFFFD👋" }],
    ["the last byte that there may be", { MessageBody: "a".repeat(1_000) }],
  ])("takes %s", (_, input) => {
    expect(call("SendMessage", input)).toEqual({ MessageId: expect.any(String) });
  });

  // Name, type and value count: 4 + 6 + 1 bytes each.
  test.each([
    [10, 1_000 - 110, true],
    [10, 1_000 - 110 + 1, false],
    [0, 1_000, true],
  ])("with %d attributes has room for %d bytes of body: %s", (count, bytes, fits) => {
    const input = {
      MessageBody: "a".repeat(bytes),
      MessageAttributes: Object.fromEntries(Array.from({ length: count }, (_, i) => [`abc${i}`, text("x")])),
    };
    if (fits) call("SendMessage", input);
    else expect(errorOf(() => call("SendMessage", input)).name).toBe("InvalidParameterValue");
  });

  test("carries its sender's lineage on", () => {
    call("SendMessage", { MessageBody: "a" });
    expect([...main.all()].map(({ hops }) => hops)).toEqual([3]);
  });
});

describe("a batch", () => {
  const entry = (Id: string, MessageBody = "a") => ({ Id, MessageBody });
  test.each<[string, object[], string]>([
    ["without entries", [], "EmptyBatchRequest"],
    ["of eleven", Array.from({ length: 11 }, (_, i) => entry(String(i))), "TooManyEntriesInBatchRequest"],
    ["with one id twice", [entry("a"), entry("a")], "BatchEntryIdsNotDistinct"],
    ["with an id that is none", [entry("a b")], "InvalidBatchEntryId"],
    [
      "of more than 1 MiB together",
      [entry("a", "x".repeat(600_000)), entry("b", "x".repeat(600_000))],
      "BatchRequestTooLong",
    ],
  ])("%s is refused as a whole", (_, Entries, name) => {
    expect(errorOf(() => call("SendMessageBatch", { Entries }))).toEqual({ name, status: 400 });
    expect(main.depth.visible).toBe(0);
  });

  test("has an answer for each entry, and one that is refused fails none of the others", () => {
    const Entries = [entry("a"), entry("b", "\uFFFF"), entry("c")];
    expect(call("SendMessageBatch", { Entries })).toEqual({
      Successful: [
        { Id: "a", MessageId: expect.any(String) },
        { Id: "c", MessageId: expect.any(String) },
      ],
      Failed: [{ Id: "b", Code: "InvalidMessageContents", SenderFault: true, Message: expect.any(String) }],
    });
    expect(main.depth.visible).toBe(2);
  });

  test("of deletes and of changes of visibility, too", () => {
    for (const body of ["a", "b"]) call("SendMessage", { MessageBody: body });
    const { Messages = [] } = call("ReceiveMessage", { MaxNumberOfMessages: 10 });
    const [first, second] = Messages.map(({ ReceiptHandle }: Message) => ReceiptHandle);
    const change = { Id: "x", ReceiptHandle: first, VisibilityTimeout: 0 };
    const wrong = { Id: "y", ReceiptHandle: second, VisibilityTimeout: 43_201 };
    expect(call("ChangeMessageVisibilityBatch", { Entries: [change, wrong] })).toMatchObject({
      Successful: [{ Id: "x" }],
      Failed: [{ Id: "y", Code: "InvalidParameterValue" }],
    });
    const gone = { Id: "y", ReceiptHandle: second };
    expect(call("DeleteMessageBatch", { Entries: [gone, { Id: "z", ReceiptHandle: "?" }] })).toMatchObject({
      Successful: [{ Id: "y" }],
      Failed: [{ Id: "z", Code: "ReceiptHandleIsInvalid" }],
    });
    expect(main.depth).toMatchObject({ visible: 1, inFlight: 0 });
  });
});

describe("a receive", () => {
  const MessageAttributes = { a: text("1"), "b.c": text("2"), "b.d": text("3") };

  test.each<[string, object, string[], string[]]>([
    ["nothing", {}, [], []],
    [
      "all",
      receiveAll,
      ["a", "b.c", "b.d"],
      ["SentTimestamp", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp", "SenderId"],
    ],
    ["a name", { MessageAttributeNames: ["a"], AttributeNames: ["SenderId"] }, ["a"], ["SenderId"]],
    ["a prefix", { MessageAttributeNames: ["b.*"] }, ["b.c", "b.d"], []],
  ])("that asks for %s of the attributes gets just that", (_, asked, own, system) => {
    call("SendMessage", { MessageBody: "a", MessageAttributes });
    const [message] = call("ReceiveMessage", asked).Messages;
    expect(Object.keys(message.MessageAttributes ?? {})).toEqual(own);
    expect(Object.keys(message.Attributes ?? {}).sort()).toEqual([...system].sort());
  });

  test("tells times in whole milliseconds", async () => {
    await world.pass(1_000.75);
    call("SendMessage", { MessageBody: "a" });
    const [{ Attributes }] = call("ReceiveMessage", receiveAll).Messages;
    expect(Attributes.SentTimestamp).toMatch(/^\d{13}$/);
  });

  test("of an empty queue has no Messages", () => expect(call("ReceiveMessage", {})).toEqual({}));

  test.each([
    ["MaxNumberOfMessages", 11],
    ["MaxNumberOfMessages", 0],
    ["VisibilityTimeout", 43_201],
    ["WaitTimeSeconds", 21],
  ])("with %s %d is refused", (name, value) => {
    expect(errorOf(() => call("ReceiveMessage", { [name]: value })).name).toBe("InvalidParameterValue");
  });

  test("that waits is answered as soon as there is a message", async () => {
    let answeredAfter: number | undefined;
    call("ReceiveMessage", { WaitTimeSeconds: 20 }).then(({ Messages }: { Messages: Message[] }) => {
      expect(Messages.map(({ Body }) => Body)).toEqual(["a"]);
      answeredAfter = world.clock.elapsed;
    });
    world.clock.after(3 * SECOND, () => main.send("a"));
    await world.pass(20 * SECOND);
    expect(answeredAfter).toBe(3 * SECOND);
  });

  test("that waits goes on where another was faster, and ends with nothing", async () => {
    const answers: [number, object][] = [];
    for (let i = 0; i < 2; i++)
      call("ReceiveMessage", { WaitTimeSeconds: 5 }).then((answer: { Messages?: object[] }) =>
        answers.push([world.clock.elapsed, { count: answer.Messages?.length ?? 0 }]),
      );
    world.clock.after(SECOND, () => main.send("a"));
    await world.pass(5 * SECOND);
    expect(answers).toEqual([
      [SECOND, { count: 1 }],
      [5 * SECOND, { count: 0 }],
    ]);
  });

  test("waits as long as the queue says where it says nothing itself", async () => {
    const queue = world.queue({ name: "long", receiveWaitSeconds: 20 });
    sqs = new Sqs([queue], world.clock);
    const answer = call("ReceiveMessage", { QueueUrl: queue.settings.url });
    expect(answer).toBeInstanceOf(Promise);
    await world.settle(answer);
    expect(world.clock.elapsed).toBe(20 * SECOND);
    expect(call("ReceiveMessage", { QueueUrl: queue.settings.url, WaitTimeSeconds: 0 })).toEqual({});
  });
});

test("attributes of a queue are those that were asked for", () => {
  for (const body of ["a", "b", "c"]) call("SendMessage", { MessageBody: body });
  call("ReceiveMessage", {});
  expect(call("GetQueueAttributes", {})).toEqual({});
  expect(call("GetQueueAttributes", { AttributeNames: ["ApproximateNumberOfMessages"] })).toEqual({
    Attributes: { ApproximateNumberOfMessages: "2" },
  });
  expect(call("GetQueueAttributes", { AttributeNames: ["All"] }).Attributes).toMatchObject({
    ApproximateNumberOfMessagesNotVisible: "1",
    MessageRetentionPeriod: "345600",
  });
});

describe("a move task", () => {
  const SourceArn = arnOf("dead");
  const DestinationArn = arnOf("main");
  const task = () => call("ListMessageMoveTasks", { SourceArn }).Results[0];

  test("sends everything anew: id, times and receive count begin again, attributes stay", async () => {
    dead.send("a", { reason_class: text("exhausted") });
    const [before] = dead.receive(1, 0);
    await world.pass(10 * SECOND);
    call("StartMessageMoveTask", { SourceArn, DestinationArn });
    await world.pass(3 * SECOND);
    expect([...main.all()]).toMatchObject([
      {
        body: "a",
        attributes: { reason_class: text("exhausted") },
        receiveCount: 0,
        enqueuedAt: world.clock.now - 2 * SECOND,
        hops: 0,
      },
    ]);
    expect([...main.all()][0]?.id).not.toBe(before?.id);
    expect(task()).toMatchObject({ Status: "COMPLETED", ApproximateNumberOfMessagesMoved: 1 });
  });

  test.each([
    [undefined, 500],
    [20, 20],
  ])("moves, at %s a second, %d in a second", async (rate, moved) => {
    for (let i = 0; i < 1_200; i++) dead.send("a");
    const MaxNumberOfMessagesPerSecond = rate;
    call("StartMessageMoveTask", { SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond });
    await world.pass(SECOND);
    expect(main.depth.visible).toBe(moved);
    expect(task().Status).toBe("RUNNING");
    expect(errorOf(() => call("StartMessageMoveTask", { SourceArn })).name).toBe("UnsupportedOperation");
  });

  test("without a destination fails at what no redrive policy has moved, and leaves it", async () => {
    dead.send("a");
    call("StartMessageMoveTask", { SourceArn });
    await world.pass(SECOND);
    expect(task()).toMatchObject({ Status: "FAILED", FailureReason: "CouldNotDetermineMessageSource" });
    await world.pass(60 * SECOND);
    expect([main.depth.visible, dead.depth.visible]).toEqual([0, 1]);
  });

  test("without a destination takes back what a redrive policy has moved", async () => {
    main.send("a");
    for (let i = 0; i < 6; i++) main.receive(1, 0);
    expect(dead.depth.visible).toBe(1);
    call("StartMessageMoveTask", { SourceArn });
    await world.pass(SECOND);
    expect([main.depth.visible, dead.depth.visible]).toEqual([1, 0]);
  });

  test.each([
    ["more than 500 a second", { MaxNumberOfMessagesPerSecond: 501 }, "InvalidParameterValue"],
    ["a source that is no dead-letter queue", { SourceArn: arnOf("main") }, "InvalidParameterValue"],
    ["a queue that is not there", { DestinationArn: arnOf("other") }, "ResourceNotFoundException"],
  ])("is refused for %s", (_, input, name) => {
    expect(errorOf(() => call("StartMessageMoveTask", { SourceArn, ...input })).name).toBe(name);
  });
});

test("what the model does not know is no answer of SQS's", () => {
  expect(() => call("PurgeQueue", {})).toThrow(ModelError);
});
