import { type Message, SendMessageCommand } from "@aws-sdk/client-sqs";
import { type DeadLetterReason, toAttributes } from "../../contract/event/dead-letter.ts";
import { type SpilledMessage, spillKey, writeSpill } from "../../contract/event/spill.ts";
import { toRecord } from "../../contract/message-record.ts";
import { type ParkedKind, parkedKey, readParked, writeParked } from "../../contract/parked.ts";
import { Aside } from "../../functions/recovery/aside.ts";
import type { Memory } from "../../functions/recovery/memory.ts";
import { countMessages, QueueRoom } from "../../functions/recovery/queue-room.ts";
import type { Run } from "../../functions/recovery/run.ts";
import { type RecoverySettings, recoverySettings } from "../../functions/recovery/settings.ts";
import { type Objects, openObjects } from "../../functions/runtime/objects.ts";
import { Pace } from "../../functions/runtime/pace.ts";
import { type Cloud, startCloud } from "./fauxqs.ts";
import { expectTelling } from "./log-lines.ts";

export type LogLine = {
  readonly message: string;
  readonly key?: string;
  readonly reason?: string;
};

/** The steps of one run, with real queues and a real bucket. */
export interface RunBench {
  readonly cloud: Cloud;
  readonly objects: Objects;
  /** What the last run leaves to the next. */
  readonly memory: Memory;
  /** Warnings and errors, in order. */
  readonly told: LogLine[];
  /** A line for each event that was moved, in order. */
  readonly moved: LogLine[];
  /** Every command that SQS and S3 were sent, in order. */
  readonly commands: string[];
  readonly settings: RecoverySettings;
  /** What the next run has, changed where a test wants it. */
  run(changes?: Partial<Run>): Promise<Run>;
  /** SQS and S3 refuse such commands with this error, where it says so of the input. */
  refuse(command: string, error: Error, when?: (input: Record<string, unknown>) => boolean): void;
  /** Sent to the dead-letter queue; without a reason, as SQS moves them. */
  deadLetter(body: string, reason?: Partial<DeadLetterReason> | "none"): Promise<void>;
  send(...bodies: string[]): Promise<void>;
  spill(body: string, message?: Partial<SpilledMessage>): Promise<string>;
  park(kind: ParkedKind, oldest: string, ...messages: readonly (string | Message)[]): Promise<string>;
  /** Bodies by kind: what lies parked. */
  parked(kind: ParkedKind): Promise<string[]>;
  stop(): Promise<void>;
}

/** What a day is, milliseconds. */
export const DAY = 86_400_000;

export async function startRunBench(): Promise<RunBench> {
  const cloud = await startCloud();
  const objects = openObjects({ endpoint: cloud.endpoint, forcePathStyle: true });
  const settings = recoverySettings({
    ENVIRONMENT: "test",
    LOG_LEVEL: "INFO",
    QUEUE_URL: cloud.queueUrl,
    DEAD_LETTER_QUEUE_URL: cloud.deadLetterQueueUrl,
    OVERFLOW_BUCKET: cloud.bucket,
    STATE_TABLE: "state",
    EVENT_SOURCE_MAPPING: "mapping-uuid",
    PROCESSOR_FUNCTION: "processor",
    BATCH_CONCURRENCY: "5",
    BREAKER: JSON.stringify({
      failingEvents: 5,
      probeBaseSeconds: 60,
      probeCapSeconds: 60,
      settleSeconds: 60,
    }),
    REDRIVE: JSON.stringify({ maxRedrives: 3, redrivesPerSecond: 500 }),
    MAX_MESSAGE_BYTES: "262144",
    RECOVERY_FUNCTION: "recovery",
    QUEUE_RETENTION_SECONDS: String((4 * DAY) / 1_000),
    DEAD_LETTER_RETENTION_SECONDS: String((14 * DAY) / 1_000),
    ALARM_TOPIC: "arn:aws:sns:eu-west-1:000000000000:alarms",
    OLDEST_EVENT_SECONDS: "900",
    TIMEOUT_SECONDS: "60",
  });
  const memory: Memory = { aside: {} };
  const told: LogLine[] = [];
  const moved: LogLine[] = [];
  const commands: string[] = [];
  for (const client of [cloud.sqs, objects.client] as const) {
    const { middlewareStack } = client as typeof cloud.sqs;
    middlewareStack.add(
      (next, { commandName = "" }) =>
        (args) => {
          commands.push(commandName.replace("Command", ""));
          return next(args);
        },
      { step: "initialize", name: "commands" },
    );
  }
  const say =
    (lines: LogLine[]): Run["logger"]["error"] =>
    (message, ...more) => {
      lines.push({ message: String(message), ...Object.assign({}, ...more) });
    };
  return {
    cloud,
    objects,
    memory,
    told,
    moved,
    commands,
    settings,
    async run(changes = {}) {
      const now = changes.now ?? (() => new Date());
      const logger = { info: say(moved), warn: say(told), error: say(told) };
      const chosen = changes.settings ?? settings;
      commands.length = 0;
      const run: Run = {
        logger,
        metrics: {} as Run["metrics"],
        settings: chosen,
        sqs: cloud.sqs,
        objects,
        memory,
        aside: new Aside(memory, logger, now),
        room: new QueueRoom(await countMessages(cloud.sqs, settings.queueUrl), undefined, now()),
        pace: new Pace(chosen.redrive.redrivesPerSecond),
        timeLeft: () => true,
        isClosed: () => Promise.resolve(true),
        now,
        ...changes,
      };
      commands.length = 0;
      return run;
    },
    refuse(command, error, when = () => true) {
      for (const client of [cloud.sqs, objects.client] as const) {
        const { middlewareStack } = client as typeof cloud.sqs;
        middlewareStack.add(
          (next, { commandName }) =>
            (args) => {
              const refused =
                commandName === command && when(args.input as unknown as Record<string, unknown>);
              return refused ? Promise.reject(error) : next(args);
            },
          { step: "initialize", name: `refuse ${command}`, override: true },
        );
      }
    },
    async deadLetter(body, reason = {}) {
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
        ...(reason === "none" ? {} : reason),
      };
      await cloud.sqs.send(
        new SendMessageCommand({
          QueueUrl: cloud.deadLetterQueueUrl,
          MessageBody: body,
          ...(reason === "none" ? {} : { MessageAttributes: toAttributes(whole) }),
        }),
      );
    },
    async send(...bodies) {
      for (const MessageBody of bodies)
        await cloud.sqs.send(new SendMessageCommand({ QueueUrl: cloud.queueUrl, MessageBody }));
    },
    async spill(body, message = {}) {
      const queue = message.queue ?? "main";
      const key = spillKey(queue, body, "0".repeat(64), new Date("2026-03-01T12:00:00.000Z"));
      const bytes = Buffer.from(writeSpill({ queue, body, ...message }));
      await objects.put({ bucket: cloud.bucket, key, bytes, contentType: "application/json" });
      return key;
    },
    async park(kind, oldest, ...messages) {
      const records = messages.map((message) =>
        toRecord(typeof message === "string" ? { MessageId: `id of ${message}`, Body: message } : message),
      );
      const key = parkedKey(kind, new Date(oldest), records.length);
      const bytes = Buffer.from(writeParked(records));
      await objects.put({ bucket: cloud.bucket, key, bytes, contentType: "application/x-ndjson" });
      return key;
    },
    async parked(kind) {
      const keys = await cloud.keys(`parked/${kind}/`);
      const bodies: string[] = [];
      for (const key of keys)
        bodies.push(...readParked((await cloud.object(key)).bytes.toString()).map(({ body }) => body));
      return bodies.sort();
    },
    async stop() {
      expectTelling(told);
      objects.client.destroy();
      await cloud.stop();
    },
  };
}

/** An error as the SDK throws it. */
export function awsError(name: string, status: number): Error {
  return Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });
}
