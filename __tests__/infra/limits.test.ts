import type { Limit } from "../../contract/settings/number.ts";
import { processorSettings } from "../../functions/processor/settings.ts";
import { receiverSettings } from "../../functions/receiver/settings.ts";
import { recoverySettings } from "../../functions/recovery/settings.ts";
import { readConfiguration } from "../../infra/configuration.ts";
import { limits } from "../../infra/limits.ts";
import type { EnvironmentInput } from "../../infra/settings.ts";
import { findings, withValue } from "../support/configuration.ts";
import { functionVariables } from "../support/function-variables.ts";
import { fullInput, guardedInput, synthesise } from "../support/synthesise.ts";

type Change = Omit<Partial<EnvironmentInput>, "sources" | "backend">;
type End = "least" | "most";

const http = { kind: "http", url: "https://destination.example.com/events" } as const;
const shortPauses = { backOff: { baseSeconds: 1, capSeconds: 1, retryAfterCapSeconds: 1 } };
const soonProbed = { ...shortPauses, breaker: { probeBaseSeconds: 1, probeCapSeconds: 1 } };

/** What else has to be set for a number at one of its ends, where a rule between settings asks for it. */
const besides: Readonly<Record<string, Readonly<Partial<Record<End, Change>>>>> = {
  "queue.retentionSeconds": { least: soonProbed },
  "queue.visibilityTimeoutSeconds": {
    least: { destination: { kind: "handlers" }, processor: { timeoutSeconds: 1 } },
  },
  "queue.maxReceiveCount": { most: shortPauses },
  "deadLetterQueue.retentionSeconds": { least: { ...soonProbed, queue: { retentionSeconds: 60 } } },
  "overflow.expirationDays": {
    least: { ...soonProbed, queue: { retentionSeconds: 60 }, deadLetterQueue: { retentionSeconds: 61 } },
  },
  "processor.timeoutSeconds": {
    least: { destination: { kind: "handlers" } },
    most: { queue: { visibilityTimeoutSeconds: 5_400 } },
  },
  "processor.batchSize": {
    least: { processor: { batchConcurrency: 1 } },
    most: {
      destination: { ...http, timeoutSeconds: 1 },
      processor: { batchConcurrency: 1_000, batchWindowSeconds: 1 },
      queue: { visibilityTimeoutSeconds: 181 },
    },
  },
  "processor.deliveriesPerSecond": {
    least: {
      processor: { maximumConcurrency: 2, batchSize: 1, batchConcurrency: 1, timeoutSeconds: 60 },
      queue: { visibilityTimeoutSeconds: 360 },
    },
  },
  "processor.batchWindowSeconds": { most: { queue: { visibilityTimeoutSeconds: 480 } } },
  "processor.batchConcurrency": {
    least: { processor: { batchSize: 1 } },
    most: {
      processor: { batchSize: 1_000, batchWindowSeconds: 1 },
      queue: { visibilityTimeoutSeconds: 181 },
    },
  },
  "destination.timeoutSeconds": {
    most: {
      processor: { timeoutSeconds: 890, batchSize: 5 },
      recovery: { timeoutSeconds: 900 },
      queue: { visibilityTimeoutSeconds: 5_400 },
    },
  },
  "backOff.baseSeconds": { most: { backOff: { capSeconds: 43_200 } } },
  "backOff.capSeconds": { least: { backOff: { baseSeconds: 1 } } },
  "breaker.probeBaseSeconds": { most: { breaker: { probeCapSeconds: 3_600 } } },
  "breaker.probeCapSeconds": { least: { breaker: { probeBaseSeconds: 1 } } },
  "recovery.timeoutSeconds": { least: { destination: { kind: "handlers" } } },
};

function endOf(limit: Limit, end: End): number {
  if ("values" in limit) return end === "least" ? Math.min(...limit.values) : Math.max(...limit.values);
  return end === "least" ? limit.minimum : limit.maximum;
}

/** What Lambda's first start does with the variables of a stack. */
function loadSettingsOfAll(input: EnvironmentInput): void {
  const stack = synthesise(input);
  receiverSettings(functionVariables(stack, "receiver"));
  processorSettings(functionVariables(stack, "processor"));
  recoverySettings(functionVariables(stack, "recovery"));
}

describe.each<End>(["least", "most"])("at its %s", (end) => {
  const ends = Object.entries(limits).map(([path, limit]) => [path, endOf(limit, end)] as const);
  const isTied = ([path]: (typeof ends)[number]) => besides[path]?.[end] !== undefined;

  test("every number that no rule ties to another is synthesised, and every function starts with it", () => {
    const free = ends.filter((each) => !isTied(each));
    loadSettingsOfAll(free.reduce((input, [path, value]) => withValue(path, value, input), fullInput));
  });

  test.each(ends.filter(isTied))(
    "%s: %i is synthesised, and every function starts with it",
    (path, value) => {
      loadSettingsOfAll(withValue(path, value, { ...fullInput, ...besides[path]?.[end] }));
    },
  );
});

test.each(Object.entries(limits))(
  "%s: what is below, above or between is refused by its name",
  (path, limit) => {
    const found = (value: number) =>
      findings({ env: withValue(path, value, fullInput) }).filter((line) =>
        /takes (only|[\d.]+ to)|whole number/.test(line),
      );
    const refused = [expect.stringMatching(`^env\\.${path.replaceAll(".", "\\.")}: `)];
    const [least, most] = [endOf(limit, "least"), endOf(limit, "most")];
    expect(found(least - 1)).toEqual(refused);
    expect(found(most + 1)).toEqual(refused);
    expect(found(least + 0.5)).toEqual("fractional" in limit ? [] : refused);
  },
);

test("every number in the settings has a limit", () => {
  const settings = readConfiguration({ env: guardedInput }).environments.get("env");
  const numbers = (value: unknown, path: string[]): string[] =>
    typeof value === "number"
      ? [path.join(".")]
      : typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, member]) => numbers(member, [...path, key]))
        : [];
  expect(numbers(settings, []).sort()).toEqual(Object.keys(limits).sort());
});

test("an answer of which nothing would be read is refused at synth, not at the function's start", () => {
  expect(findings({ env: { ...fullInput, destination: { ...http, maxResponseBytes: 0 } } })).toEqual([
    "env.destination.maxResponseBytes: 0 — this pipeline takes 1 to 6291456 bytes",
  ]);
});

test("logs are kept for CloudWatch's own numbers of days, and no others", () => {
  const daysThatItTakes = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192];
  const taken = Array.from({ length: 2_300 }, (_, days) => days).filter(
    (days) => findings({ env: { ...fullInput, logRetentionDays: days } }).length === 0,
  );
  expect(taken).toEqual(daysThatItTakes);
});
