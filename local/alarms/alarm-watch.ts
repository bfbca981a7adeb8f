import type { QueueState } from "../cloud/emulator.ts";
import type { RunEvents } from "../run-events.ts";
import type { EventRuleModel, LocalStack, MetricName } from "../stack/model.ts";
import { Alarm } from "./alarm.ts";
import type { EmittedMetric } from "./emf.ts";
import { MetricHistory } from "./metric-history.ts";
import { MetricStore, metricKey } from "./metric-store.ts";

export interface AlarmWatchOptions {
  readonly stack: Pick<LocalStack, "alarms" | "executionArn" | "countedAnswers">;
  /** Of every queue, as it is now; nothing while SQS is down. */
  readonly queues: () => readonly QueueState[];
  readonly runEvents: RunEvents;
  /** Seconds that a minute of the alarms lasts: of their periods, and of the ages that they wait for. @default 60 */
  readonly periodSeconds?: number;
}

/** Of an alarm as it is deployed. */
const MINUTE_SECONDS = 60;

/** Looks within a period: a gauge is read as often, and an alarm is late by no more. */
const LOOKS = 12;

/**
 * CloudWatch: keeps the metrics of a run, of its functions and of the services, and evaluates the synthesised
 * alarms on them.
 */
export class AlarmWatch {
  readonly alarms: readonly Alarm[];
  readonly #options: AlarmWatchOptions;
  readonly history = new MetricHistory();
  readonly #metrics: MetricStore;
  /** What an alarm looks at: nothing else is kept point by point. */
  readonly #lookedAt: ReadonlySet<string>;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(options: AlarmWatchOptions) {
    this.#options = options;
    const { stack, periodSeconds } = options;
    const minute = periodSeconds ?? MINUTE_SECONDS;
    const period = (given: number) => (given / MINUTE_SECONDS) * minute * 1000;
    const longest = Math.max(
      0,
      ...stack.alarms.map((model) => period(model.periodSeconds) * model.evaluationPeriods),
    );
    const shortest = Math.min(...stack.alarms.map((model) => period(model.periodSeconds)));
    this.#metrics = new MetricStore(longest);
    this.#lookedAt = new Set(stack.alarms.flatMap(({ queries }) => Object.values(queries).map(metricKey)));
    const startedAt = Date.now();
    this.alarms = stack.alarms.map(
      (model) =>
        new Alarm(model, this.#metrics, {
          periodMilliseconds: period(model.periodSeconds),
          startedAt,
          ageFactor: MINUTE_SECONDS / minute,
        }),
    );
    if (this.alarms.length > 0) this.#timer = setInterval(() => this.#look(), shortest / LOOKS);
  }

  /** What a function has written into its log. */
  readonly emitted = ({ values, ...name }: EmittedMetric): void => {
    for (const value of values) this.#add(name, value);
  };

  /** A function has ended an invocation. */
  readonly invoked = (functionName: string, ok: boolean): void => {
    const of = (metric: string) => ({
      namespace: "AWS/Lambda",
      metric,
      dimensions: { FunctionName: functionName },
    });
    this.#add(of("Invocations"), 1);
    this.#add(of("Errors"), ok ? 0 : 1);
    this.#add(of("Throttles"), 0); // calls wait here
  };

  /** The API has answered; `milliseconds` is the function's part, where one was asked. */
  readonly answered = (status: number, milliseconds: number | undefined): void => {
    const ApiId = this.#options.stack.executionArn?.split(":").at(-1) ?? "";
    const of = (metric: string) => ({
      namespace: "AWS/ApiGateway",
      metric,
      dimensions: { ApiId, Stage: "$default" },
    });
    this.#add(of("Count"), 1);
    this.#add(of("4xx"), status >= 400 && status < 500 ? 1 : 0);
    this.#add(of("5xx"), status >= 500 ? 1 : 0);
    if (milliseconds !== undefined) this.#add(of("IntegrationLatency"), milliseconds);
    for (const counted of this.#options.stack.countedAnswers)
      if (counted.status === status) this.#add(counted.metric, 1);
  };

  /** A rule could not put an event on its queue, or not even on its dead-letter queue. */
  readonly ruleFailed = (
    { busName, ruleName }: Pick<EventRuleModel, "busName" | "ruleName">,
    metric: string,
  ): void => {
    const dimensions = { EventBusName: busName, RuleName: ruleName };
    this.#add({ namespace: "AWS/Events", metric, dimensions }, 1);
  };

  stop(): void {
    clearInterval(this.#timer);
  }

  #add(name: MetricName, value: number, at = Date.now()): void {
    if (this.#lookedAt.has(metricKey(name))) this.#metrics.add(name, value, at);
    this.history.add(name, value, at);
  }

  #look(): void {
    const now = Date.now();
    for (const { name, visible, notVisible, delayed, oldestSeconds } of this.#options.queues()) {
      const add = (metric: string, value: number) =>
        this.#add({ namespace: "AWS/SQS", metric, dimensions: { QueueName: name } }, value, now);
      add("ApproximateNumberOfMessagesVisible", visible);
      add("ApproximateNumberOfMessagesNotVisible", notVisible);
      add("ApproximateNumberOfMessagesDelayed", delayed);
      add("ApproximateAgeOfOldestMessage", oldestSeconds);
    }
    for (const alarm of this.alarms) {
      if (!alarm.evaluate(now)) continue;
      const { name, description } = alarm.model;
      this.#options.runEvents.add({ kind: "alarm", name, inAlarm: alarm.state === "ALARM", description });
    }
  }
}
