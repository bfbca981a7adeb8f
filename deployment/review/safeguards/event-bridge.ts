import { blockOf, listOf, numberOf, type Resource } from "../snapshot.ts";
import { goesOff, type Held, listedSafeguard, onOff, type Safeguard } from "./safeguard.ts";

/** A rule of EventBridge's: the events of Genesys' partner source, or recovery's schedule. */
const rules: Safeguard = listedSafeguard({
  held: (snapshot) =>
    snapshot.all("aws_cloudwatch_event_rule").flatMap((rule): Held[] => {
      const { address, values } = rule;
      const key = `rule ${values["name"]}`;
      const isOn = values["state"] !== "DISABLED" && values["is_enabled"] !== false;
      return [
        { key, address },
        { key: `${key} is enabled`, address, level: onOff(isOn) },
        ...scheduled(key, rule),
      ];
    }),
  isWorse: (was, is) => (typeof was === "number" && typeof is === "number" ? is < was : goesOff(was, is)),
  lost: "events that EventBridge has nowhere to put, or, without the schedule, every minute of recovery: nothing is brought back, parked or probed",
  remedy:
    "Keep the rule as it is; a name is changed by a new rule first, and the removal of the old one later.",
  lostMeanwhile: "events of the moment between: EventBridge forgets what no rule takes",
});

const MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1_440 };

/** How often it runs, in runs a day; what is no rate is not known to run at all. */
function scheduled(key: string, { address, values }: Resource): Held[] {
  const expression = String(values["schedule_expression"] ?? "");
  if (expression === "") return [];
  const [, count, unit = ""] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const level = count === undefined ? Number.NaN : 1_440 / (Number(count) * (MINUTES[unit] ?? 1));
  return [{ key: `runs a day of ${key}`, address, level }];
}

/** What EventBridge assumes where nothing is said. */
const RETRIES = { maximum_event_age_in_seconds: 86_400, maximum_retry_attempts: 185 } as const;

const targets: Safeguard = listedSafeguard({
  held: (snapshot) =>
    snapshot.all("aws_cloudwatch_event_target").flatMap(({ address, values }): Held[] => {
      const key = `target ${snapshot.text(values["arn"])} of rule ${values["rule"]}`;
      const deadLetter = snapshot.text(blockOf(values["dead_letter_config"])["arn"]);
      const retries = blockOf(values["retry_policy"]);
      const shape = ["input", "input_path", "input_transformer"].map((name) => snapshot.text(values[name]));
      return [
        { key, address },
        {
          key: `form in which ${key} gets events`,
          address,
          level: shape.filter(Boolean).join(" ") || "whole",
        },
        ...(deadLetter === "" ? [] : [{ key: `dead-letter queue of ${key}`, address, level: deadLetter }]),
        ...Object.entries(RETRIES).map(([name, most]) => ({
          key: `${name} of ${key}`,
          address,
          level: numberOf(retries[name]) ?? most,
        })),
      ];
    }),
  lost: "events that EventBridge has nowhere to put, and runs of recovery",
  remedy:
    "Keep the target, its dead-letter queue and its retries; a new one is added first, and the old one removed later.",
  lostMeanwhile: "events of the moment between: EventBridge forgets what no rule takes",
});

const buses: Safeguard = listedSafeguard({
  held: (snapshot) =>
    snapshot
      .all("aws_cloudwatch_event_bus")
      .map(({ address, values }) => ({ key: `event bus ${values["name"]}`, address })),
  lost: "events of Genesys' partner source: they are kept for four days, and then gone",
  remedy: "Stop the integration in Genesys first.",
  lostMeanwhile: "events of the moment between",
});

/** An event pattern takes what it took as long as it asks for nothing more, and lists what it listed. */
const patterns: Safeguard = listedSafeguard({
  held: (snapshot) =>
    snapshot.all("aws_cloudwatch_event_rule").flatMap(({ address, values }) => {
      const pattern = String(values["event_pattern"] ?? "");
      return pattern === "" ? [] : [{ key: `pattern of rule ${values["name"]}`, address, level: pattern }];
    }),
  isWorse: (was, is) => !takesAll(String(was), String(is)),
  lost: "events that the pattern took and takes no longer",
  remedy: "Keep what the pattern lists, and add to it.",
  absenceLoses: false, // the rule's own is told
});

function takesAll(was: string, is: string): boolean {
  try {
    return covers(JSON.parse(is), JSON.parse(was));
  } catch {
    return false;
  }
}

function covers(is: unknown, was: unknown): boolean {
  if (Array.isArray(is) && Array.isArray(was)) {
    const listed = is.map((one) => JSON.stringify(one));
    return listOf(was).every((one) => listed.includes(JSON.stringify(one)));
  }
  if (typeof is !== "object" || is === null) return is === was;
  return Object.entries(is).every(([key, inner]) =>
    covers(inner, (was as Record<string, unknown> | null)?.[key]),
  );
}

/** What brings events in by way of EventBridge, and runs recovery. */
export const eventBridge: readonly Safeguard[] = [rules, patterns, targets, buses];
