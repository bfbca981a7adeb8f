import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import fc from "fast-check";
import { Sqs } from "../../../simulation/aws/sqs.ts";
import { type Cloud, startCloud } from "../../support/fauxqs.ts";
import { arnOf, Simulated } from "../../support/simulated.ts";

/**
 * The same calls, to the model and through the SDK to fauxqs. What fauxqs is known to do unlike SQS, and what is
 * therefore held by the model's own tests alone: it counts no attributes and takes empty ones, deletes by any text,
 * gives attributes that nobody asked for, counts
 * what was received for no seconds as in flight until the next receive, knows no source of a dead letter and no move task, expires nothing, and has
 * no limit in flight, of 12 h, or to how late a duplicate may come. It keeps the order of messages, which SQS does
 * not: they are compared as sets.
 */
const RECEIVES = 2;
const MAX_BYTES = 2_000;

let cloud: Cloud;
let sqs: Sqs;
const caller = { name: "test", alive: true, hops: 0, die() {} };
const commands = {
  SendMessage: SendMessageCommand,
  SendMessageBatch: SendMessageBatchCommand,
  ReceiveMessage: ReceiveMessageCommand,
  DeleteMessage: DeleteMessageCommand,
  DeleteMessageBatch: DeleteMessageBatchCommand,
  ChangeMessageVisibility: ChangeMessageVisibilityCommand,
  ChangeMessageVisibilityBatch: ChangeMessageVisibilityBatchCommand,
  GetQueueAttributes: GetQueueAttributesCommand,
};
type Operation = keyof typeof commands;
type Side = "model" | "fauxqs";

beforeAll(async () => {
  cloud = await startCloud({
    VisibilityTimeout: "600",
    MaximumMessageSize: String(MAX_BYTES),
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: arnOf("events-dead-letters"),
      maxReceiveCount: RECEIVES,
    }),
  });
});
afterAll(() => cloud.stop());
beforeEach(() => fresh());

function fresh(): void {
  cloud.reset();
  const world = new Simulated();
  const { main, dead } = world.queues({
    visibilityTimeoutSeconds: 600,
    maxMessageBytes: MAX_BYTES,
    redrive: { deadLetterArn: arnOf("dead"), maxReceiveCount: RECEIVES },
  });
  sqs = new Sqs([main, dead], world.clock);
}

const urls = {
  main: { model: "https://sqs.invalid/main", fauxqs: () => cloud.queueUrl },
  dead: { model: "https://sqs.invalid/dead", fauxqs: () => cloud.deadLetterQueueUrl },
};

// biome-ignore lint/suspicious/noExplicitAny: what an answer is, the operation's name says
type Answer = any;

async function ask(
  side: Side,
  operation: Operation,
  input: object,
  queue: keyof typeof urls = "main",
): Promise<Answer> {
  try {
    if (side === "model") {
      const given = { QueueUrl: urls[queue].model, ...input };
      return await sqs.operate(operation, given as never, caller);
    }
    const given = { QueueUrl: urls[queue].fauxqs(), ...input };
    const command = commands[operation] as unknown as new (input: object) => SendMessageCommand;
    return await cloud.sqs.send(new command(given));
  } catch (error) {
    const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    // SQS writes this prefix before some codes only; fauxqs before all that the SDK has no class for.
    return { error: name.replace(/^AWS\.SimpleQueueService\./, ""), status: $metadata?.httpStatusCode };
  }
}

const text = (StringValue: string) => ({ DataType: "String", StringValue });
const entry = (Id: string, MessageBody = "a") => ({ Id, MessageBody });

test.each<[string, Operation, object]>([
  ["no body", "SendMessage", { MessageBody: "" }],
  ["U+FFFF", "SendMessage", { MessageBody: "\uFFFF" }],
  ["a control character", "SendMessage", { MessageBody: "\u0007" }],
  ["an emoji, which is none", "SendMessage", { MessageBody: "👋" }],
  ["the last byte", "SendMessage", { MessageBody: "ü".repeat(MAX_BYTES / 2) }],
  ["one byte too many", "SendMessage", { MessageBody: `${"ü".repeat(MAX_BYTES / 2)}a` }],
  [
    "the last byte with attributes",
    "SendMessage",
    { MessageBody: "a".repeat(MAX_BYTES - 12), MessageAttributes: { name: text("äö".slice(0, 1)) } },
  ],
  [
    "one byte too many with attributes",
    "SendMessage",
    { MessageBody: "a".repeat(MAX_BYTES - 11), MessageAttributes: { name: text("ä") } },
  ],
  [
    "another queue",
    "SendMessage",
    { QueueUrl: "https://sqs.eu-west-1.amazonaws.com/000000000000/x", MessageBody: "a" },
  ],
  ["no entries", "SendMessageBatch", { Entries: [] }],
  ["eleven entries", "SendMessageBatch", { Entries: Array.from({ length: 11 }, (_, i) => entry(`${i}`)) }],
  ["one id twice", "SendMessageBatch", { Entries: [entry("a"), entry("a")] }],
  ["an id that is none", "SendMessageBatch", { Entries: [entry("a b")] }],
  ["too much together", "SendMessageBatch", { Entries: [entry("a", "x".repeat(2 ** 20)), entry("b")] }],
  [
    "one id twice",
    "DeleteMessageBatch",
    { Entries: ["x#1", "y#1"].map((ReceiptHandle) => ({ Id: "a", ReceiptHandle })) },
  ],
  ["no messages", "ReceiveMessage", { MaxNumberOfMessages: 0 }],
  ["eleven messages", "ReceiveMessage", { MaxNumberOfMessages: 11 }],
  ["more than twelve hours", "ReceiveMessage", { VisibilityTimeout: 43_201 }],
  ["more than twenty seconds", "ReceiveMessage", { WaitTimeSeconds: 21 }],
  ["more than twelve hours", "ChangeMessageVisibility", { ReceiptHandle: "x#1", VisibilityTimeout: 43_201 }],
  ["a handle of nothing", "ChangeMessageVisibility", { ReceiptHandle: "x#1", VisibilityTimeout: 1 }],
  ["a handle of nothing", "DeleteMessage", { ReceiptHandle: "x#1" }],
])("%s for %s is taken or refused alike", async (_, operation, input) => {
  const [model, fauxqs] = await Promise.all([
    ask("model", operation, input),
    ask("fauxqs", operation, input),
  ]);
  const { error, status } = fauxqs;
  expect({ error: model.error, status: model.status }).toEqual({ error, status });
});

/** One message as both have it; its body is like no other's. */
interface Held {
  readonly body: string;
  readonly handles: Readonly<Record<Side, string>>;
}

type Step =
  | { readonly kind: "send"; readonly attributes: readonly string[] }
  | { readonly kind: "send-batch"; readonly good: readonly boolean[] }
  | { readonly kind: "receive"; readonly seconds: 0 | 600 | undefined; readonly from: "main" | "dead" }
  | { readonly kind: "delete" | "delete-batch"; readonly at: number }
  | { readonly kind: "change" | "change-batch"; readonly at: number; readonly seconds: number };

const at = fc.nat(9);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("send" as const), attributes: fc.subarray(["a", "b", "long.name"]) }),
  fc.record({
    kind: fc.constant("send-batch" as const),
    good: fc.array(fc.boolean(), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant("receive" as const),
    seconds: fc.constantFrom<0 | 600 | undefined>(0, 600, undefined),
    from: fc.constantFrom("main" as const, "main" as const, "dead" as const),
  }),
  fc.record({ kind: fc.constantFrom("delete" as const, "delete-batch" as const), at }),
  fc.record({
    kind: fc.constantFrom("change" as const, "change-batch" as const),
    at,
    seconds: fc.constantFrom(0, 1_000, 43_200, 43_201, -1),
  }),
);

/** Runs the steps on both sides, and compares all that a caller can see. */
class Comparison {
  readonly #held: Held[] = [];
  #sent = 0;
  /** Queues whose last receive was for no seconds: fauxqs' counts of them are late. */
  readonly #peeked = new Set<string>();

  async run(steps: readonly Step[]): Promise<void> {
    for (const each of steps) {
      await this.#step(each);
      if (each.kind === "receive") this.#peeked[each.seconds === 0 ? "add" : "delete"](each.from);
      for (const queue of ["main", "dead"] as const) {
        if (this.#peeked.has(queue)) continue;
        const counts = {
          AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        };
        await this.#alike(
          "GetQueueAttributes",
          () => counts,
          ({ Attributes }) => Attributes,
          queue,
        );
      }
    }
  }

  async #alike(
    operation: Operation,
    input: (side: Side) => object,
    see: (answer: Answer, side: Side) => unknown,
    queue: "main" | "dead" = "main",
  ) {
    const model = await ask("model", operation, input("model"), queue);
    const fauxqs = await ask("fauxqs", operation, input("fauxqs"), queue);
    const visible = (answer: { error?: string; status?: number }, side: Side) =>
      answer.error === undefined ? see(answer, side) : { error: answer.error, status: answer.status };
    expect({ operation, queue, seen: visible(model, "model") }).toEqual({
      operation,
      queue,
      seen: visible(fauxqs, "fauxqs"),
    });
    return { model, fauxqs };
  }

  async #step(step: Step): Promise<void> {
    switch (step.kind) {
      case "send": {
        if (this.#sent >= 10) return; // as many as one receive brings: then none stays unseen
        const MessageAttributes = Object.fromEntries(
          step.attributes.map((name) => [name, text(`of ${name}`)]),
        );
        const input = { MessageBody: `body ${this.#sent++}`, MessageAttributes };
        await this.#alike(
          "SendMessage",
          () => input,
          ({ MessageId }) => typeof MessageId,
        );
        return;
      }
      case "send-batch": {
        if (this.#sent + step.good.length > 10) return;
        const Entries = step.good.map((good, i) =>
          entry(`${i}`, `body ${this.#sent++}${good ? "" : "\uFFFF"}`),
        );
        await this.#alike("SendMessageBatch", () => ({ Entries }), results);
        return;
      }
      case "receive":
        return this.#receive(step.from, step.seconds);
      case "delete":
      case "delete-batch": {
        const held = this.#held.splice(step.at, 1)[0];
        if (held === undefined) return;
        const one = (side: Side) => ({ ReceiptHandle: held.handles[side] });
        if (step.kind === "delete") await this.#alike("DeleteMessage", one, () => "done");
        else
          await this.#alike(
            "DeleteMessageBatch",
            (side) => ({ Entries: [{ Id: "a", ...one(side) }] }),
            results,
          );
        return;
      }
      case "change":
      case "change-batch": {
        const held = this.#held[step.at];
        if (held === undefined) return;
        const one = (side: Side) => ({ ReceiptHandle: held.handles[side], VisibilityTimeout: step.seconds });
        if (step.kind === "change") await this.#alike("ChangeMessageVisibility", one, () => "done");
        else
          await this.#alike(
            "ChangeMessageVisibilityBatch",
            (side) => ({ Entries: [{ Id: "a", ...one(side) }] }),
            results,
          );
        if (step.seconds === 0) this.#held.splice(step.at, 1);
      }
    }
  }

  async #receive(from: "main" | "dead", seconds: 0 | 600 | undefined): Promise<void> {
    const input = {
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 0,
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["All"],
      ...(seconds === undefined ? {} : { VisibilityTimeout: seconds }),
    };
    const answers = await this.#alike(
      "ReceiveMessage",
      () => input,
      ({ Messages = [] }: { Messages?: Message[] }, side) =>
        Messages.map(({ Body = "", Attributes = {}, MessageAttributes = {} }) => ({
          Body,
          MessageAttributes: Object.entries(MessageAttributes).map(([name, { DataType, StringValue }]) => [
            name,
            DataType,
            StringValue,
          ]),
          // fauxqs counts the receive at which it moves a message; SQS does not.
          receives:
            Number(Attributes.ApproximateReceiveCount) - (side === "fauxqs" && from === "dead" ? 1 : 0),
          names: Object.keys(Attributes)
            .filter((name) => name !== "DeadLetterQueueSourceArn")
            .sort(),
        })).sort((one, other) => (one.Body < other.Body ? -1 : 1)),
      from,
    );
    if (seconds === 0 || from === "dead") return; // not in flight, or of another queue
    const handles = (side: Side) =>
      new Map<string, string>(
        (answers[side].Messages ?? []).map(({ Body, ReceiptHandle }: Message) => [Body, ReceiptHandle]),
      );
    const [model, fauxqs] = [handles("model"), handles("fauxqs")];
    for (const [body, handle] of model)
      this.#held.push({ body, handles: { model: handle, fauxqs: fauxqs.get(body) ?? "" } });
    this.#held.sort((one, other) => (one.body < other.body ? -1 : 1));
  }
}

interface BatchAnswer {
  readonly Successful?: readonly { readonly Id?: string }[];
  readonly Failed?: readonly {
    readonly Id?: string;
    readonly Code?: string;
    readonly SenderFault?: boolean;
  }[];
}

/** Without what is another on each side: ids of messages, texts for people. */
function results({ Successful = [], Failed = [] }: BatchAnswer): object {
  return {
    successful: Successful.map(({ Id }) => Id),
    failed: Failed.map(({ Id, Code, SenderFault }) => ({ Id, Code, SenderFault })),
  };
}

test("whatever is sent, received, changed and deleted, both say the same", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      fresh();
      await new Comparison().run(steps);
    }),
    { numRuns: 40 },
  );
});

test("a message that was received too often is the same in the dead-letter queue: id, times, attributes", async () => {
  const all = { MessageAttributeNames: ["All"], MessageSystemAttributeNames: ["All"] };
  for (const side of ["model", "fauxqs"] as const) {
    await ask(side, "SendMessage", { MessageBody: "a", MessageAttributes: { x: text("1") } });
    const { Messages: [before] = [] } = await ask(side, "ReceiveMessage", { ...all, VisibilityTimeout: 0 });
    await ask(side, "ReceiveMessage", { VisibilityTimeout: 0 });
    expect(await ask(side, "ReceiveMessage", {})).not.toHaveProperty("Messages.0");
    const { Messages: [after] = [] } = await ask(side, "ReceiveMessage", all, "dead");
    expect(after).toMatchObject({
      MessageId: before.MessageId,
      Body: "a",
      MessageAttributes: { x: { StringValue: "1" } },
      Attributes: {
        SentTimestamp: before.Attributes.SentTimestamp,
        ApproximateFirstReceiveTimestamp: before.Attributes.ApproximateFirstReceiveTimestamp,
      },
    });
  }
});
