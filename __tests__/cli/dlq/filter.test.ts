import type { Message } from "@aws-sdk/client-sqs";
import { jest } from "@jest/globals";
import { Command } from "commander";
import { causesOf } from "../../../cli/dlq/causes.ts";
import { type DeadLetter, readDeadLetter } from "../../../cli/dlq/dead-letter.ts";
import { addFilterOptions, type FilterOptions, readFilter } from "../../../cli/dlq/filter.ts";
import { countLetters } from "../../../cli/dlq/stats.ts";
import { type DeadLetterReason, toAttributes } from "../../../contract/event/dead-letter.ts";
import { envelopeFor, nameIn } from "../../support/envelopes.ts";

const SENT = Date.parse("2026-11-24T11:00:00.000Z");

function deadLetter(
  event: string,
  reason: Partial<DeadLetterReason>,
  { type = "conversation:ended", system = {} as Message["Attributes"] } = {},
): DeadLetter {
  return readDeadLetter({
    MessageId: `message-${event}`,
    Body: envelopeFor(event, { id: `id-${event}`, event_type: type }),
    MessageAttributes: toAttributes(reason),
    Attributes: { SentTimestamp: String(SENT), ApproximateReceiveCount: "6", ...system },
  });
}

const exhausted: Partial<DeadLetterReason> = {
  class: "exhausted",
  status: 503,
  message: "The destination answered 503.",
  attempts: 5,
  lastAttemptAt: "2026-11-24T08:30:00.000Z",
  source: "webhook",
  redrives: 1,
};
const deadLetters = [
  deadLetter("one", exhausted),
  deadLetter("two", {
    ...exhausted,
    class: "permanent",
    status: 422,
    message: "The destination answered 422.",
    lastAttemptAt: "2026-11-24T10:00:00.000Z",
    source: "open-messaging",
  }),
  deadLetter(
    "three",
    { ...exhausted, lastAttemptAt: "2026-11-24T08:59:59.999Z" },
    { type: "conversation:started" },
  ),
  deadLetter("four", {}),
];

function chosen(...args: string[]): string[] {
  const command = addFilterOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  const filter = readFilter(command.parse(args, { from: "user" }).opts<FilterOptions>());
  return deadLetters.filter(filter ?? (() => true)).map(({ eventId }) => nameIn(eventId).slice(3));
}

test.each([
  [[], ["one", "two", "three", "four"]],
  [
    ["--class", "permanent,crashed"],
    ["two", "four"],
  ],
  [
    ["--class", "exhausted", "--class", "permanent"],
    ["one", "two", "three"],
  ],
  [
    ["--reason", "ANSWERED 5"],
    ["one", "three"],
  ],
  [["--status", "422"], ["two"]],
  [
    ["--status", "5xx,none"],
    ["one", "three", "four"],
  ],
  [["--source", "open-messaging"], ["two"]],
  [
    ["--type", "conversation:*"],
    ["one", "two", "three", "four"],
  ],
  [["--type", "conversation"], []],
  [["--type", "*:Started"], ["three"]],
  [
    ["--since", "2026-11-24T09:00Z"],
    ["two", "four"],
  ],
  [["--since", "2026-11-24T09:59", "--until", "2026-11-24T11:00:01+01:00"], ["two"]],
  [["--until", "2026-11-24T08:59:59.999Z"], ["one"]],
  [["--since", "1h"], []],
  [
    ["--since", "2026-11-24"],
    ["one", "two", "three", "four"],
  ],
  [
    ["--id", "id-t,message-one"],
    ["one", "two", "three"],
  ],
  [["--class", "exhausted", "--type", "*:started"], ["three"]],
])("%j chooses %j", (args, expected) => {
  jest.useFakeTimers({ now: Date.parse("2026-11-24T13:00:00Z") });
  expect(chosen(...args)).toEqual(expected);
  jest.useRealTimers();
});

test.each([
  [["--class", "lost"], "Allowed choices are malformed, permanent, exhausted, crashed, unqueued."],
  [["--source", "fax"], "Allowed choices are webhook, open-messaging, data-action, eventbridge."],
  [["--status", "4x"], "Give statuses such as 422, 5xx, or none."],
  [["--since", "yesterday"], "Give a time such as 2026-11-24T08:00Z, or how long ago: 90m, 2h, 3d."],
  [["--until", "2026-13-01"], "Give a time such as"],
])("%j is refused", (args, said) => {
  expect(() => chosen(...args)).toThrow(said);
});

test("letters are counted by class, status, reason, source, type and hour", () => {
  expect(countLetters(deadLetters)).toEqual({
    causes: causesOf(deadLetters),
    total: 4,
    oldest: "2026-11-24T08:30:00.000Z",
    newest: "2026-11-24T11:00:00.000Z",
    byClass: [
      { value: "exhausted", count: 2 },
      { value: "crashed", count: 1 },
      { value: "permanent", count: 1 },
    ],
    byStatus: [
      { value: "503", count: 2 },
      { value: "422", count: 1 },
      { value: "none", count: 1 },
    ],
    byReason: [
      { value: "The destination answered 503.", count: 2 },
      { value: "SQS moved it: the processor crashed or ran out of time.", count: 1 },
      { value: "The destination answered 422.", count: 1 },
    ],
    bySource: [
      { value: "webhook", count: 3 },
      { value: "open-messaging", count: 1 },
    ],
    byType: [
      { value: "conversation:ended", count: 3 },
      { value: "conversation:started", count: 1 },
    ],
    byHour: [
      { value: "2026-11-24T08", count: 2 },
      { value: "2026-11-24T10", count: 1 },
      { value: "2026-11-24T11", count: 1 },
    ],
  });
});

test("a reason that a moved message brought from an earlier death is not believed", () => {
  const moved = deadLetter(
    "moved",
    { ...exhausted, class: "permanent" },
    {
      system: { DeadLetterQueueSourceArn: "arn:aws:sqs:eu-west-1:000000000000:events" },
    },
  );
  expect(moved).toMatchObject({ class: "crashed", redrives: 1, diedAt: "2026-11-24T11:00:00.000Z" });
  expect(moved).not.toHaveProperty("status");
});

test("what EventBridge could not queue says so", () => {
  const found = readDeadLetter({
    Body: JSON.stringify({ id: "e-1", "detail-type": "v2.x", detail: {}, time: "2026-11-24T08:00:00Z" }),
    MessageAttributes: { ERROR_MESSAGE: { DataType: "String", StringValue: "no permission" } },
  });
  expect(found).toMatchObject({
    eventId: expect.stringMatching(/^eventbridge\|e-1~/),
    class: "unqueued",
    source: "eventbridge",
    eventType: "v2.x",
    reason: "EventBridge could not put it on the queue: no permission",
  });
});
