import { outlookOf, type Question } from "../contract/forecast/outlook.ts";
import { type ForecastPath, forecastPaths, withSettings } from "../contract/forecast/settings.ts";
import type { EnvironmentInput } from "../contract/settings/environment.ts";
import type { Judgement } from "./judge.ts";
import type { Random } from "./random.ts";
import type { Scenario } from "./scenario.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** When the outage begins: until then deliveries go well. */
const BEGINS = 10 * MINUTE;
/** Lambda takes from 1 to 25 s to enable the mapping, and adds pollers at a minute of its own: no model knows them. */
const CHANCE_SECONDS = 30;
const ENABLING_SECONDS = 13;
/** What a forecast may be off. */
const TENTH = 0.1;

/** An outage of which the model and the simulation are asked the same. */
interface Case {
  readonly name: string;
  readonly about: string;
  readonly seeds: number;
  readonly ratePerSecond: number;
  readonly outageSeconds: number;
  readonly latencySeconds: number;
  readonly settings: Partial<EnvironmentInput>;
}

const oneByOne = { maximumConcurrency: 2, batchSize: 1, batchConcurrency: 1 };

const cases: readonly Case[] = [
  {
    name: "short",
    about: "an hour at one event a second, with the defaults",
    seeds: 1,
    ...{ ratePerSecond: 1, outageSeconds: HOUR, latencySeconds: 0.05 },
    settings: {},
  },
  {
    name: "10-ms",
    about: "a backlog before a destination that answers within 10 ms",
    seeds: 1,
    ...{ ratePerSecond: 3, outageSeconds: 25 * MINUTE, latencySeconds: 0.01 },
    settings: { processor: oneByOne },
  },
  {
    name: "100-ms",
    about: "the same at 100 ms, in batches that are delivered one by one",
    seeds: 1,
    ...{ ratePerSecond: 2, outageSeconds: 30 * MINUTE, latencySeconds: 0.1 },
    settings: {
      processor: { maximumConcurrency: 2, batchConcurrency: 1 },
      destination: { kind: "http", url: "https://destination.example.com/events", timeoutSeconds: 2 },
    },
  },
  {
    name: "1-s",
    about: "the same at a second, five deliveries side by side",
    seeds: 1,
    ...{ ratePerSecond: 3, outageSeconds: 20 * MINUTE, latencySeconds: 1 },
    settings: { processor: { maximumConcurrency: 2 } },
  },
  {
    name: "near-capacity",
    about: "three quarters of what can be delivered come all the time",
    seeds: 1,
    ...{ ratePerSecond: 0.185, outageSeconds: 2 * HOUR, latencySeconds: 8 },
    settings: { processor: oneByOne },
  },
  {
    name: "parked",
    about: "seven hours on a queue that keeps for two: most of the backlog is parked",
    seeds: 1,
    ...{ ratePerSecond: 0.3, outageSeconds: 7.3 * HOUR, latencySeconds: 1 },
    settings: {
      queue: { retentionSeconds: 7_200 },
      deadLetterQueue: { retentionSeconds: 86_400 },
      backOff: { capSeconds: 300, retryAfterCapSeconds: 600 },
      processor: oneByOne,
    },
  },
  {
    name: "parked-in-order",
    about: "two hours on such a queue, with so many events that probes put none between them; by name only",
    seeds: 0,
    ...{ ratePerSecond: 2, outageSeconds: 2 * HOUR, latencySeconds: 0.05 },
    settings: {
      queue: { retentionSeconds: 7_200 },
      deadLetterQueue: { retentionSeconds: 86_400 },
      backOff: { capSeconds: 300, retryAfterCapSeconds: 600 },
      breaker: { probeCapSeconds: 1_800 },
    },
  },
  {
    name: "paced",
    about: "a destination that is spared: twenty deliveries a second over four invocations; by name only",
    seeds: 0,
    ...{ ratePerSecond: 2, outageSeconds: 30 * MINUTE, latencySeconds: 0.05 },
    settings: { processor: { deliveriesPerSecond: 20, maximumConcurrency: 4 } },
  },
  {
    name: "many-invocations",
    about: "a hundred invocations, which Lambda adds by the minute; by name only",
    seeds: 0,
    ...{ ratePerSecond: 40, outageSeconds: 10 * MINUTE, latencySeconds: 1 },
    settings: { processor: { maximumConcurrency: 100 } },
  },
  {
    name: "five-days",
    about: "five days with the defaults: what is older than two days is parked; by name only",
    seeds: 0,
    ...{ ratePerSecond: 1 / 60, outageSeconds: 120 * HOUR, latencySeconds: 8 },
    settings: { processor: { ...oneByOne, timeoutSeconds: 30 } },
  },
];

/** Each as a scenario: backlog, age, time to drain and what is parked are within a tenth of what the model says. */
export const forecastScenarios: readonly Scenario[] = cases.map((each) => ({
  name: `forecast-${each.name}`,
  shows: `A forecast is true: ${each.about}.`,
  seeds: each.seeds,
  settings: each.settings,
  world: () => worldOf(each),
  expect: (judgement) => differences(each, judgement),
}));

function questionOf({ settings, ratePerSecond, outageSeconds, latencySeconds }: Case): Question {
  const given = forecastPaths.map((path) => [path, at(settings, path)] as const);
  return {
    settings: withSettings(Object.fromEntries(given)),
    destination: { latencySeconds },
    ...{ ratePerSecond, outageSeconds, eventBytes: 4_000, refusedShare: 0 },
  };
}

function at(settings: unknown, path: ForecastPath): number | undefined {
  const [section = "", name = ""] = path.split(".");
  const found = (settings as Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>)[
    section
  ];
  return found?.[name] as number | undefined;
}

function worldOf(each: Case) {
  const { ratePerSecond, outageSeconds, latencySeconds } = each;
  const { wait, drainSeconds = 0 } = outlookOf(questionOf(each));
  const seconds = BEGINS + outageSeconds + wait.mostSeconds + 1.3 * drainSeconds + 10 * MINUTE;
  const isDown = (elapsed: number) => elapsed >= BEGINS * 1_000 && elapsed < (BEGINS + outageSeconds) * 1_000;
  return {
    milliseconds: seconds * 1_000,
    arrivals: [{ kind: "poisson" as const, perSecond: ratePerSecond, from: 0, to: seconds * 1_000 }],
    event: (number: number, random: Random) => ({
      way: "webhook" as const,
      eventType: "t",
      event: { webhookName: "w", eventType: "t", number, nonce: random.next() },
    }),
    destination: ({ elapsed }: { readonly elapsed: number }) =>
      isDown(elapsed) ? { status: 503 } : { status: 200, milliseconds: latencySeconds * 1_000 },
  };
}

function differences(each: Case, { backlog, deadLettered, delaySeconds }: Judgement): string[] {
  const { resumedAt, atResume, oldestSeconds, mostParked, goneAt } = backlog;
  const waited = resumedAt - BEGINS - each.outageSeconds;
  const question = questionOf(each);
  const told = outlookOf(question, Math.max(0, waited));
  const drain = (told.drainSeconds ?? Number.POSITIVE_INFINITY) + ENABLING_SECONDS;
  return [
    ...(waited >= 0 && waited <= told.wait.mostSeconds
      ? []
      : [`Deliveries went on after ${Math.round(waited)} s, not within ${told.wait.mostSeconds} s`]),
    ...(deadLettered === 0 ? [] : [`${deadLettered} dead letters`]),
    ...off("events waited", atResume, told.backlog, 0),
    ...off("s had the oldest waited", oldestSeconds, told.oldestSeconds, 0),
    ...off("s took the backlog", (goneAt ?? Number.POSITIVE_INFINITY) - resumedAt, drain, CHANCE_SECONDS),
    ...(told.parked > 0 || mostParked > 0 ? off("events were parked", mostParked, told.parked, 0) : []),
    ...(delaySeconds.longest <= (told.longestWaitSeconds ?? 0) * (1 + TENTH) + CHANCE_SECONDS
      ? []
      : [`${delaySeconds.longest} s took the longest, forecast ${told.longestWaitSeconds}`]),
  ];
}

function off(what: string, simulated: number, forecast: number, chance: number): string[] {
  return Math.abs(simulated - forecast) <= Math.max(forecast * TENTH, chance)
    ? []
    : [`${Math.round(simulated)} ${what}, forecast ${Math.round(forecast)}`];
}
