import { randomUUID } from "node:crypto";
import type { ScheduleModel } from "./stack/model.ts";

export interface ScheduleOptions {
  readonly region: string;
  readonly account: string;
  /** Takes the event; it is not waited for. */
  readonly invoke: (functionArn: string, event: unknown) => void;
  /** In place of the rule's own rate. */
  readonly everySeconds?: number;
}

/** EventBridge's schedule: one invocation a period, the first a period from now, whatever the last one does. */
export class Schedule {
  readonly #timer: NodeJS.Timeout;

  constructor(model: ScheduleModel, { region, account, invoke, everySeconds }: ScheduleOptions) {
    const milliseconds = (everySeconds ?? model.everySeconds) * 1000;
    this.#timer = setInterval(() => {
      invoke(model.functionArn, scheduledEvent(model.ruleArn, region, account, new Date()));
    }, milliseconds);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html */
function scheduledEvent(ruleArn: string, region: string, account: string, at: Date) {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account,
    time: at.toISOString().replace(/\.\d{3}Z$/, "Z"),
    region,
    resources: [ruleArn],
    detail: {},
  };
}
