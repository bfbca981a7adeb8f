import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { type DeadLetterReason, toAttributes } from "../../../contract/event/dead-letter.ts";
import { type RedriveSettings, redriveDeadLetters } from "../../../functions/recovery/redrive.ts";
import { startCloud } from "../../support/fauxqs.ts";
import { forEachTest } from "../../support/hooks.ts";

const cloud = forEachTest(startCloud);

const always = () => Promise.resolve(true);

function redrive(mayGoOn = always, onLeftOut: RedriveSettings["onLeftOut"] = () => {}) {
  const settings = {
    queueUrl: cloud.queueUrl,
    deadLetterQueueUrl: cloud.deadLetterQueueUrl,
    maxMessageBytes: 4_096,
    maxRedrives: 3,
    redrivesPerSecond: 100_000,
    lookSeconds: 60,
    onLeftOut,
  };
  return redriveDeadLetters(cloud.sqs, settings, mayGoOn);
}

async function kept(body: string, reason: Partial<DeadLetterReason> | undefined): Promise<void> {
  const whole: DeadLetterReason = {
    class: "exhausted",
    status: 503,
    message: "The destination answered 503.",
    attempts: 5,
    firstAttemptAt: "2026-03-01T12:00:00.000Z",
    lastAttemptAt: "2026-03-01T12:30:00.000Z",
    source: "webhook",
    eventId: body,
    redrives: 0,
    ...reason,
  };
  await cloud.sqs.send(
    new SendMessageCommand({
      QueueUrl: cloud.deadLetterQueueUrl,
      MessageBody: body,
      ...(reason === undefined ? {} : { MessageAttributes: toAttributes(whole) }),
    }),
  );
}

const bodies = (queue: string) =>
  (cloud.server.inspectQueue(queue)?.messages.ready ?? []).map(({ body }) => body).sort();

test("exhausted and crashed ones go back, malformed and permanent ones stay visible where they are", async () => {
  await kept("exhausted", {});
  await kept("crashed", undefined);
  await kept("permanent", { class: "permanent" });
  await kept("malformed", { class: "malformed" });

  expect(await redrive()).toEqual({ redriven: 2, left: 2, complete: true });

  expect(bodies("events")).toEqual(["crashed", "exhausted"]);
  expect(bodies("events-dead-letters")).toEqual(["malformed", "permanent"]);
});

test("the reason stays behind, what counts over the event's life goes along", async () => {
  await kept("event", { redrives: 1 });
  await redrive();
  const { Messages } = await cloud.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: cloud.queueUrl, MessageAttributeNames: ["All"] }),
  );
  const attributes = Object.fromEntries(
    Object.entries(Messages?.[0]?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [
      name,
      StringValue,
    ]),
  );
  expect(attributes).toEqual({
    attempts: "5",
    first_attempt_at: "2026-03-01T12:00:00.000Z",
    last_attempt_at: "2026-03-01T12:30:00.000Z",
    source: "webhook",
    event_id: "event",
    redrives: "2",
  });
});

test("what EventBridge wrote on an event stays behind: a dead letter's own reason will need the room", async () => {
  const text = (StringValue: string) => ({ DataType: "String", StringValue });
  await cloud.sqs.send(
    new SendMessageCommand({
      QueueUrl: cloud.deadLetterQueueUrl,
      MessageBody: "event",
      MessageAttributes: {
        RULE_ARN: text("rule"),
        TARGET_ARN: text("queue"),
        ERROR_CODE: text("NO_PERMISSIONS"),
        ERROR_MESSAGE: text("denied"),
        EXHAUSTED_RETRY_CONDITION: text("MaximumRetryAttempts"),
        RETRY_ATTEMPTS: text("185"),
      },
    }),
  );
  expect(await redrive()).toMatchObject({ redriven: 1 });
  const { Messages } = await cloud.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: cloud.queueUrl, MessageAttributeNames: ["All"] }),
  );
  expect(Object.keys(Messages?.[0]?.MessageAttributes ?? {})).toEqual(["redrives"]);
});

test("what came back three times is left for a person", async () => {
  await kept("twice", { redrives: 2 });
  await kept("three times", { redrives: 3 });
  expect(await redrive()).toEqual({ redriven: 1, left: 1, complete: true });
  expect(bodies("events-dead-letters")).toEqual(["three times"]);
});

test("more than one receive's worth is brought back, and stopping half-way loses none", async () => {
  const all = Array.from({ length: 35 }, (_, index) => `event ${index}`).sort();
  for (const body of all) await kept(body, {});
  let rounds = 0;
  const first = await redrive(() => Promise.resolve(rounds++ < 2));
  expect(first).toEqual({ redriven: 20, left: 0, complete: false });
  expect([...bodies("events"), ...bodies("events-dead-letters")].sort()).toEqual(all);
  expect(await redrive()).toEqual({ redriven: 15, left: 0, complete: true });
  expect(bodies("events")).toEqual(all);
});

test("what is left alone is hidden for a whole run, or the run would count it twice", async () => {
  await kept("permanent", { class: "permanent" });
  const before = Date.now();
  const deadlines: number[] = [];
  await redrive(() => {
    const inFlight = cloud.server.inspectQueue("events-dead-letters")?.messages.inflight ?? [];
    deadlines.push(...inFlight.map(({ visibilityDeadline }) => visibilityDeadline));
    return Promise.resolve(true);
  });
  expect(deadlines).toHaveLength(1);
  expect(deadlines[0]).toBeGreaterThanOrEqual(before + 60_000);
});

test("one that the main queue does not take as it is stays and is an error, and holds up none of the others", async () => {
  cloud.server.deleteQueue("events");
  cloud.server.createQueue("events", { attributes: { MaximumMessageSize: "1024" } });
  await kept("x".repeat(2_000), {});
  for (const body of ["a", "b", "c"]) await kept(body, {});
  await expect(redrive()).rejects.toThrow();
  expect(bodies("events")).toEqual(["a", "b", "c"]);
  expect(bodies("events-dead-letters")).toHaveLength(1);
});

test("a main queue that refuses leaves the dead letter where it is", async () => {
  await kept("event", {});
  cloud.server.deleteQueue("events");
  await expect(redrive()).rejects.toThrow();
  const { ready, inflight } = cloud.server.inspectQueue("events-dead-letters")?.messages ?? {
    ready: [],
    inflight: [],
  };
  expect(ready.length + inflight.length).toBe(1);
});

test("one that has no room for its redrives stays, and holds up none of the others", async () => {
  const full = "x".repeat(4_096 - 14);
  await kept(full, undefined);
  await kept("other", {});
  await expect(redrive()).rejects.toThrow();
  expect(bodies("events")).toEqual(["other"]);
  expect(bodies("events-dead-letters")).toEqual([full]);
});

test("one that is nearly full goes back with what fits: the redrives first", async () => {
  const body = "x".repeat(4_096 - 30);
  await cloud.sqs.send(
    new SendMessageCommand({
      QueueUrl: cloud.deadLetterQueueUrl,
      MessageBody: body,
      MessageAttributes: { own: { DataType: "Binary", BinaryValue: Buffer.alloc(7, 1) } },
    }),
  );
  const told: (readonly string[])[] = [];
  expect(await redrive(always, (_, names) => told.push(names))).toMatchObject({ redriven: 1 });
  expect(cloud.messages()).toEqual([{ body, attributes: { redrives: "1" } }]);
  expect(told).toEqual([["own"]]);
});
