import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import type { EventRuleModel, ScheduleModel } from "../../local/stack/model.ts";
import type { VirtualClock } from "../clock.ts";
import type { Random } from "../random.ts";
import type { Trace } from "../trace.ts";
import { retryKind } from "./errors.ts";
import type { Lambda } from "./lambda.ts";

/** How long EventBridge tries to put an event on a rule's target. */
export interface RetryPolicy {
  readonly maximumEventAgeSeconds: number;
  readonly maximumRetryAttempts: number;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  maximumEventAgeSeconds: 86_400,
  maximumRetryAttempts: 185,
};
/** Between attempts, exponential with full jitter; how long AWS does not say: such that 185 of them take about 24 h. */
const PAUSE_MILLISECONDS = { first: 1_000, longest: 960_000 } as const;
/** How often a rule gets an event twice: EventBridge promises at least once. */
const DUPLICATE_RATE = 1 / 20_000;
/** Attempts to put an event on the rule's dead-letter queue; AWS does not say how many it makes. */
const DEAD_LETTER_ATTEMPTS = 10;
const LATENCY_MILLISECONDS = { least: 100, most: 1_000 } as const;

export interface EventBusOptions {
  readonly rules: readonly (EventRuleModel & Partial<RetryPolicy>)[];
  /** One attempt. @throws as SQS does */
  readonly send: (
    queueArn: string,
    body: string,
    attributes: Readonly<Record<string, MessageAttributeValue>>,
  ) => Promise<unknown>;
  /** A rule could not put an event on its queue, or not even on its dead-letter queue: CloudWatch's metric of it. */
  readonly onFailed?: (
    rule: EventRuleModel,
    metric: "FailedInvocations" | "InvocationsFailedToBeSentToDlq",
  ) => void;
}

/** An event as a partner puts it. */
export interface PartnerEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: object;
}

/**
 * EventBridge's buses and their rules: each event goes to the queue of every rule that takes it, tried again as the
 * rule's policy says, then to the rule's dead-letter queue with the reason, or nowhere.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export class EventBus {
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #trace: Trace;
  readonly #options: EventBusOptions;
  #events = 0;

  constructor(clock: VirtualClock, random: Random, trace: Trace, options: EventBusOptions) {
    this.#clock = clock;
    this.#random = random;
    this.#trace = trace;
    this.#options = options;
  }

  /** @returns the event as it stands on every queue that gets it */
  put({ source, detailType, detail }: PartnerEvent): string {
    const event = {
      version: "0",
      id: `event-${++this.#events}`,
      "detail-type": detailType,
      source,
      account: "000000000000",
      time: new Date(this.#clock.now).toISOString().replace(/\.\d{3}Z$/, "Z"),
      region: "eu-west-1",
      resources: [],
      detail,
    };
    const text = JSON.stringify(event);
    for (const rule of this.#options.rules) {
      if (rule.busName !== source || !rule.matches(event)) continue;
      const times = this.#random.chance(DUPLICATE_RATE) ? 2 : 1;
      for (let i = 0; i < times; i++) void this.#deliver(text, rule);
    }
    return text;
  }

  async #deliver(text: string, rule: EventBusOptions["rules"][number]): Promise<void> {
    const { maximumEventAgeSeconds, maximumRetryAttempts } = { ...DEFAULT_RETRY_POLICY, ...rule };
    const until = this.#clock.now + maximumEventAgeSeconds * 1000;
    await this.#clock.sleep(this.#random.between(LATENCY_MILLISECONDS.least, LATENCY_MILLISECONDS.most));
    for (let retries = 0; ; retries++) {
      const error = await this.#send(rule.queueArn, text, {});
      if (error === undefined) return;
      const pause = this.#pause(retries);
      const exhausted =
        retryKind(error) === undefined
          ? "" // it would fail again whenever it was tried
          : retries >= maximumRetryAttempts
            ? "MaximumRetryAttempts"
            : this.#clock.now + pause > until
              ? "MaximumEventAgeInSeconds"
              : undefined;
      if (exhausted !== undefined) return this.#giveUp(text, rule, { error, exhausted, retries });
      await this.#clock.sleep(pause);
    }
  }

  /** To the rule's dead-letter queue; where there is none, or it does not take the event, the event is dropped. */
  async #giveUp(
    body: string,
    rule: EventRuleModel,
    { error, exhausted, retries }: { error: Error; exhausted: string; retries: number },
  ): Promise<void> {
    const { ruleArn, queueArn, deadLetterArn } = rule;
    this.#options.onFailed?.(rule, "FailedInvocations");
    const text = (StringValue: string) => ({ DataType: "String", StringValue });
    const attributes = {
      RULE_ARN: text(ruleArn),
      TARGET_ARN: text(queueArn),
      ERROR_CODE: text(codeOf(error)),
      ERROR_MESSAGE: text(error.message),
      ...(exhausted === "" ? {} : { EXHAUSTED_RETRY_CONDITION: text(exhausted) }),
      RETRY_ATTEMPTS: { DataType: "Number", StringValue: String(retries) },
    };
    let failed: Error | undefined = error;
    for (let attempt = 0; attempt < DEAD_LETTER_ATTEMPTS && deadLetterArn !== undefined; attempt++) {
      failed = await this.#send(deadLetterArn, body, attributes);
      if (failed === undefined || retryKind(failed) === undefined) break;
      await this.#clock.sleep(this.#pause(attempt));
    }
    if (failed !== undefined) this.#options.onFailed?.(rule, "InvocationsFailedToBeSentToDlq");
    this.#trace.add(
      "eventbridge",
      failed === undefined ? `gave up: ${error.name}` : `dropped: ${error.name}`,
    );
  }

  #pause(retries: number): number {
    return (
      this.#random.next() * Math.min(PAUSE_MILLISECONDS.longest, PAUSE_MILLISECONDS.first * 2 ** retries)
    );
  }

  #send(
    queueArn: string,
    body: string,
    attributes: Readonly<Record<string, MessageAttributeValue>>,
  ): Promise<Error | undefined> {
    return this.#options.send(queueArn, body, attributes).then(
      () => undefined,
      (error: Error) => error,
    );
  }
}

/** Of those that EventBridge has, the nearest. */
function codeOf(error: Error): string {
  if (error.name === "AccessDenied") return "NO_PERMISSIONS";
  if (error.name === "QueueDoesNotExist") return "NO_RESOURCE";
  if (retryKind(error) === "throttling") return "THROTTLING";
  return error.name === "TimeoutError" ? "TIMEOUT" : "SDK_CLIENT_ERROR";
}

/** A function on a schedule: once in each interval, somewhere within it. It may run twice, as all that is invoked later. */
export function startSchedule(
  clock: VirtualClock,
  random: Random,
  lambda: Lambda,
  { everySeconds, functionArn, ruleArn }: ScheduleModel,
  isEnabled: () => boolean,
): void {
  clock.after(random.between(0, everySeconds * 1000), () => {
    const run = () => {
      if (isEnabled()) lambda.invokeLater(functionArn, { source: "aws.events", resources: [ruleArn] });
    };
    run();
    clock.every(everySeconds * 1000, run);
  });
}
