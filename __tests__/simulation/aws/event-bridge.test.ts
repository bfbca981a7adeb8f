import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import { classOf, isFromEventBridge } from "../../../contract/event/dead-letter.ts";
import { readEnvelope } from "../../../contract/event/read-envelope.ts";
import { readPattern } from "../../../local/stack/pattern.ts";
import { AwsError, throttled } from "../../../simulation/aws/errors.ts";
import {
  DEFAULT_RETRY_POLICY,
  EventBus,
  type RetryPolicy,
  startSchedule,
} from "../../../simulation/aws/event-bridge.ts";
import type { Lambda } from "../../../simulation/aws/lambda.ts";
import { Random } from "../../../simulation/random.ts";
import { arnOf, DAY, HOUR, MINUTE, SECOND, Simulated } from "../../support/simulated.ts";

interface Sent {
  readonly at: number;
  readonly queueArn: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
}

let world: Simulated;
/** Attempts, and what of them the queues took. */
let attempts: Sent[];
let taken: Sent[];
beforeEach(() => {
  world = new Simulated();
  attempts = [];
  taken = [];
});

const SOURCE = "aws.partner/genesys.com/cloud/x/y";
const rule = {
  ruleName: "rule",
  busName: SOURCE,
  matches: readPattern('{"source":[{"prefix":"aws.partner/genesys.com/"}],"detail-type":[{"prefix":"v2."}]}'),
  ruleArn: "arn:rule",
  queueArn: arnOf("main"),
  deadLetterArn: arnOf("dead"),
};

type Answer = (sent: Sent) => Error | undefined;

function start(
  answer: Answer = () => undefined,
  more: Partial<typeof rule & RetryPolicy> = {},
  random = world.random,
): EventBus {
  return new EventBus(world.clock, random, world.trace, {
    rules: [{ ...rule, ...more }],
    send: async (queueArn, body, attributes) => {
      const sent = { at: world.clock.elapsed, queueArn, body, attributes };
      attempts.push(sent);
      const error = answer(sent);
      if (error !== undefined) throw error;
      taken.push(sent);
    },
  });
}

const put = (bus: EventBus, more = {}) =>
  bus.put({ source: SOURCE, detailType: "v2.x", detail: { eventBody: { conversationId: "c" } }, ...more });
const main = ({ queueArn }: Sent) => queueArn === arnOf("main");

test("an event comes on the queue whole, as the processor reads it", async () => {
  const text = put(start());
  await world.pass(5 * SECOND);
  expect(taken).toEqual([{ at: expect.any(Number), queueArn: arnOf("main"), body: text, attributes: {} }]);
  expect(readEnvelope(text)).toMatchObject({
    source: "eventbridge",
    eventType: "v2.x",
    conversationId: "c",
    receivedAt: "2026-01-05T00:00:00.000Z",
  });
});

test.each([
  ["another bus", { source: "aws.partner/genesys.com/cloud/x/z" }],
  ["another type", { detailType: "v1.x" }],
])("an event of %s is not the rule's", async (_, more) => {
  put(start(), more);
  await world.pass(MINUTE);
  expect(attempts).toEqual([]);
});

test("no two events are the same", () => {
  const bus = start();
  expect(put(bus)).not.toBe(put(bus));
});

describe("a queue that does not take it", () => {
  const down = () => new AwsError("ServiceUnavailable", "down", 503);

  test("for some hours is tried again and again, ever more rarely, until it does", async () => {
    put(start(() => (world.clock.elapsed < 8 * HOUR ? down() : undefined)));
    await world.pass(DAY);
    expect(taken.map(main)).toEqual([true]);
    expect(attempts.length).toBeGreaterThan(20);
    expect(attempts.length).toBeLessThan(DEFAULT_RETRY_POLICY.maximumRetryAttempts);
  });

  test.each<[string, Partial<RetryPolicy>, Answer, object]>([
    [
      "for a day",
      { maximumRetryAttempts: 10_000 },
      (sent) => (main(sent) ? down() : undefined),
      { ERROR_CODE: "SDK_CLIENT_ERROR", EXHAUSTED_RETRY_CONDITION: "MaximumEventAgeInSeconds" },
    ],
    [
      "as often as the rule's policy says",
      { maximumRetryAttempts: 3 },
      (sent) => (main(sent) ? throttled() : undefined),
      { ERROR_CODE: "THROTTLING", EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts", RETRY_ATTEMPTS: "3" },
    ],
    [
      "for it is not there",
      {},
      (sent) => (main(sent) ? new AwsError("QueueDoesNotExist", "gone") : undefined),
      { ERROR_CODE: "NO_RESOURCE", EXHAUSTED_RETRY_CONDITION: undefined, RETRY_ATTEMPTS: "0" },
    ],
    [
      "for its policy does not let the rule",
      {},
      (sent) => (main(sent) ? new AwsError("AccessDenied", "no", 403) : undefined),
      { ERROR_CODE: "NO_PERMISSIONS", EXHAUSTED_RETRY_CONDITION: undefined, RETRY_ATTEMPTS: "0" },
    ],
  ])("%s: the rule's dead-letter queue has it, with the reason", async (_, policy, answer, reason) => {
    const text = put(start(answer, policy));
    await world.pass(DAY + HOUR);
    expect(taken.map(({ queueArn, body }) => [queueArn, body])).toEqual([[arnOf("dead"), text]]);
    const attributes = taken[0]?.attributes ?? {};
    const values = {
      EXHAUSTED_RETRY_CONDITION: undefined,
      ...Object.fromEntries(Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue])),
    };
    expect(values).toMatchObject({
      RULE_ARN: "arn:rule",
      TARGET_ARN: arnOf("main"),
      ERROR_MESSAGE: expect.stringMatching(/./),
      ...reason,
    });
    // What recovery makes of it: it was never attempted, and is brought back.
    expect([isFromEventBridge(attributes), classOf(attributes, {})]).toEqual([true, undefined]);
    expect(taken[0]?.at).toBeLessThanOrEqual(DAY + MINUTE);
  });

  test("is tried again in the dead-letter queue's place, too", async () => {
    let letters = 0;
    put(
      start((sent) =>
        main(sent) ? new AwsError("QueueDoesNotExist", "x") : ++letters < 4 ? down() : undefined,
      ),
    );
    await world.pass(HOUR);
    expect(taken.map(({ queueArn }) => queueArn)).toEqual([arnOf("dead")]);
  });

  test("without a dead-letter queue drops it", async () => {
    put(start(() => new AwsError("QueueDoesNotExist", "x"), { deadLetterArn: undefined as never }));
    await world.pass(HOUR);
    expect([attempts.length, taken]).toEqual([1, []]);
    expect(world.lines.at(-1)).toContain("dropped");
  });
});

test("now and then an event comes twice, the same", async () => {
  const bus = start(undefined, {}, new Random("twice"));
  for (let i = 0; i < 60_000; i++) put(bus);
  await world.pass(MINUTE);
  expect(taken.length).toBeGreaterThan(60_000);
  expect(taken.length).toBeLessThan(60_020);
  expect(new Set(taken.map(({ body }) => body)).size).toBe(60_000);
});

test("a schedule runs its function once in each interval", async () => {
  const at: number[] = [];
  const lambda = { invokeLater: () => at.push(world.clock.elapsed) } as unknown as Lambda;
  const model = { ruleName: "r", ruleArn: "arn:r", functionArn: "arn:f", everySeconds: 60 };
  let isOn = true;
  startSchedule(world.clock, world.random, lambda, model, () => isOn);
  await world.pass(10 * MINUTE);
  isOn = false;
  await world.pass(10 * MINUTE);
  expect(at).toHaveLength(10);
  expect(at.map((time) => Math.floor(time / MINUTE))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});
