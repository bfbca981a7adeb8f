import { IN_FLIGHT_LIMIT, IN_FLIGHT_MANY } from "../in-flight-limit.ts";
import { opensAfter } from "./resume.ts";
import type { Flow } from "./timeline.ts";

/** Something that is reached on the way. */
export interface Limit {
  readonly name: string;
  /** Seconds since the outage began. */
  readonly at: number;
  /** `told`: somebody is told. `moved`: events go another way. `stuck`: deliveries do not keep up. `lost`: events are lost. */
  readonly effect: "told" | "moved" | "stuck" | "lost";
  readonly text: string;
}

const DAY_SECONDS = 86_400;
/** The share of a store's term that is used up when near-expiry goes off: infra/alarms/waiting.ts */
const NEAR_EXPIRY = 0.55;
/** Of the alarm `breaker-open`: three minutes of five. */
const ALARM_SECONDS = 180;
/** Invocations at once of an account, unless AWS has raised it. */
const ACCOUNT_CONCURRENCY = 1_000;
/** What an acknowledgement takes, cold starts and slow calls included. */
const RECEIVER_SECONDS = 0.05;
/** Recovery moves so many a second to the bucket at most: eight lanes of receives of ten. */
const PARKS_PER_SECOND = 2_000;

/** What is reached, in the order of time. @param goneAt when the backlog is gone; undefined: never */
export function limitsOf(flow: Flow, goneAt: number | undefined): readonly Limit[] {
  const reached = [...ofSenders(flow), ...ofWaiting(flow, goneAt), ...ofDeliveries(flow, goneAt)];
  return reached.sort((one, other) => one.at - other.at);
}

function* ofSenders({ settings, ratePerSecond }: Flow): Generator<Limit> {
  const taken = settings["throttling.ratePerSecond"];
  if (ratePerSecond > taken)
    yield {
      name: "throttling.ratePerSecond",
      at: 0,
      effect: "lost",
      text: `the API takes ${taken} events a second and answers 429 to the others, which Genesys gives up after 85 s`,
    };
  const busy = Math.ceil(ratePerSecond * RECEIVER_SECONDS) + settings["processor.maximumConcurrency"];
  if (busy > ACCOUNT_CONCURRENCY)
    yield {
      name: "the account's concurrency",
      at: 0,
      effect: "stuck",
      text: `about ${busy} invocations at once, of which an account has ${ACCOUNT_CONCURRENCY} unless AWS has raised it`,
    };
}

function* ofWaiting(flow: Flow, goneAt = Number.POSITIVE_INFINITY): Generator<Limit> {
  const { settings, ratePerSecond, outageSeconds, waitSeconds } = flow;
  const opens = opensAfter(settings, ratePerSecond) + ALARM_SECONDS;
  if (opens < outageSeconds)
    yield { name: "alarm breaker-open", at: opens, effect: "told", text: "the alarm breaker-open goes off" };
  const half = settings["queue.retentionSeconds"] / 2;
  if (half < outageSeconds + waitSeconds) {
    yield {
      name: "queue.retentionSeconds",
      at: half,
      effect: "moved",
      text: "half of the queue's retention is over: recovery begins to park events in the bucket",
    };
    if (ratePerSecond > PARKS_PER_SECOND)
      yield {
        name: "recovery's pace",
        at: settings["queue.retentionSeconds"],
        effect: "lost",
        text: `recovery parks some ${PARKS_PER_SECOND} events a second, and more come`,
      };
  }
  const term = settings["overflow.expirationDays"] * DAY_SECONDS;
  // What is in the bucket came half of a retention before it was put there.
  if (half >= outageSeconds + waitSeconds) return;
  if (goneAt > term * NEAR_EXPIRY)
    yield {
      name: "alarm near-expiry",
      at: term * NEAR_EXPIRY,
      effect: "told",
      text: "the alarm near-expiry goes off: parked events near the bucket's term",
    };
  if (goneAt > term)
    yield {
      name: "overflow.expirationDays",
      at: term,
      effect: "lost",
      text: "the bucket deletes the oldest events",
    };
}

function* ofDeliveries(flow: Flow, goneAt: number | undefined): Generator<Limit> {
  const { settings, capacity, ratePerSecond, outageSeconds, waitSeconds } = flow;
  const at = outageSeconds + waitSeconds;
  const inFlight = settings["processor.maximumConcurrency"] * settings["processor.batchSize"];
  if (inFlight >= IN_FLIGHT_MANY)
    yield {
      name: "messages in flight",
      at,
      effect: inFlight >= IN_FLIGHT_LIMIT ? "stuck" : "told",
      text: `${inFlight} messages in flight while the backlog is delivered, of which SQS takes ${IN_FLIGHT_LIMIT}`,
    };
  if (goneAt !== undefined) return;
  yield { name: bottleneck[capacity.by], at, effect: "stuck", text: whyStuck(capacity, ratePerSecond) };
}

const bottleneck = {
  settings: "processor.maximumConcurrency",
  pace: "processor.deliveriesPerSecond",
  destination: "the destination's rate",
  timeout: "destination.timeoutSeconds",
} as const;

function whyStuck({ by, perSecond }: Flow["capacity"], rate: number): string {
  return by === "timeout"
    ? "the destination answers later than destination.timeoutSeconds: nothing is delivered"
    : `${Number(perSecond.toPrecision(3))} a second are delivered at most, and ${rate} come: the backlog is never gone`;
}
