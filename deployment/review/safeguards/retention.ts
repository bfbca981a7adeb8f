import type { Values } from "../../../terraform/plan-json.ts";
import { blockOf, blocksOf, numberOf, type Snapshot } from "../snapshot.ts";
import type { Safeguard, Weakness } from "./safeguard.ts";

const REMEDY =
  "Keep it for as long as before, or see first that nothing older is there: dlq stats, and doctor.";

/** For how long something is kept; for ever is `Infinity`. */
type Terms = ReadonlyMap<string, number>;

interface Kept {
  readonly terms: (values: Values) => Terms;
  /** Of a term that the one side has no entry for. */
  readonly termOf?: (name: string, values: Values) => number;
  readonly lost: string;
}

const single =
  (name: string) =>
  (values: Values): Terms =>
    new Map([[name, forEver(numberOf(values[name]) ?? 0)]]);

/** 0 means for ever: to CloudWatch, and to a bucket without a rule. */
function forEver(term: number): number {
  return term === 0 ? Number.POSITIVE_INFINITY : term;
}

/** By type: for how long data is kept, and what a smaller value deletes. */
export const keptFor: Readonly<Record<string, Kept>> = {
  aws_sqs_queue: { terms: single("message_retention_seconds"), lost: "events that have waited for longer" },
  aws_cloudwatch_log_group: { terms: single("retention_in_days"), lost: "log lines that are older" },
  aws_cloudwatch_event_archive: { terms: single("retention_days"), lost: "archived events that are older" },
  aws_s3_bucket_lifecycle_configuration: {
    terms: (values) => new Map(scopesOf(values).map((scope) => [scope, expirationOf(scope, values)])),
    termOf: expirationOf,
    lost: "events in the bucket that are older, spilled, parked or claim-checked",
  },
};

const KINDS = {
  /** Until an object is deleted. */
  "expiration.days": (rule: Values) => daysOf(rule["expiration"]),
  /** Until what was deleted cannot be brought back. */
  noncurrent_days: (rule: Values) =>
    numberOf(blockOf(rule["noncurrent_version_expiration"])["noncurrent_days"]) ?? 0,
  /** Until it lies where a read takes hours. */
  "days until it is archived": (rule: Values) => archived(rule),
} as const;

type Kind = keyof typeof KINDS;

/** A date is no number of days, and may be tomorrow. */
function daysOf(expiration: unknown): number {
  const { days, date } = blockOf(expiration);
  return date === undefined || date === null || date === "" ? (numberOf(days) ?? 0) : Number.NaN;
}

const ARCHIVES = /^(GLACIER|DEEP_ARCHIVE)$/;

function archived(rule: Values): number {
  const all = blocksOf(rule["transition"]).filter(({ storage_class }) =>
    ARCHIVES.test(String(storage_class)),
  );
  return Math.min(...all.map((transition) => forEver(daysOf([transition]))), Number.POSITIVE_INFINITY);
}

function scopesOf(values: Values): string[] {
  const rules = blocksOf(values["rule"]);
  return Object.keys(KINDS).flatMap((kind) => [
    ...new Set(rules.map((rule) => `${kind} of ${prefixOf(rule) || "everything"}`)),
  ]);
}

/** The shortest of the rules that are about everything with this prefix. */
function expirationOf(scope: string, values: Values): number {
  const [kind = "", prefix = ""] = scope.split(" of ");
  const wanted = prefix === "everything" ? "" : prefix;
  const days = blocksOf(values["rule"])
    .filter((rule) => rule["status"] !== "Disabled" && wanted.startsWith(prefixOf(rule)))
    .map((rule) => forEver(KINDS[kind as Kind](rule)));
  return days.some(Number.isNaN) ? Number.NaN : Math.min(...days, Number.POSITIVE_INFINITY);
}

function prefixOf(rule: Values): string {
  const filter = blockOf(rule["filter"]);
  return String(blockOf(filter["and"])["prefix"] || filter["prefix"] || rule["prefix"] || "");
}

/** What is there before and after, and deletes what it holds sooner. */
export const retention: Safeguard = {
  weakened: (before, after) =>
    Object.entries(keptFor).flatMap(([type, kept]) =>
      after.all(type).flatMap(({ address, values }) => {
        const was = before.get(address)?.values ?? noRules(type, values, before);
        return was === undefined ? [] : shortened(address, kept, was, values);
      }),
    ),
};

/** A bucket that is there, and had no rules, kept everything; one that is made now holds nothing. */
function noRules(type: string, values: Values, before: Snapshot): Values | undefined {
  if (type !== "aws_s3_bucket_lifecycle_configuration") return undefined;
  const isThere = before.all("aws_s3_bucket").some((bucket) => bucket.values["bucket"] === values["bucket"]);
  if (!isThere) return undefined;
  const other = before.all(type).find((one) => one.values["bucket"] === values["bucket"]);
  return other?.values ?? {};
}

function shortened(address: string, kept: Kept, was: Values, is: Values): Weakness[] {
  const [old, young] = [kept.terms(was), kept.terms(is)];
  const term = (terms: Terms, name: string, values: Values) =>
    terms.get(name) ?? kept.termOf?.(name, values) ?? Number.POSITIVE_INFINITY;
  const because = [...new Set([...old.keys(), ...young.keys()])].flatMap((name) => {
    const [from, to] = [term(old, name, was), term(young, name, is)];
    return to < from || (Number.isNaN(to) && !Number.isNaN(from))
      ? [`${name}: ${told(from)} → ${told(to)}`]
      : [];
  });
  return because.length === 0
    ? []
    : [{ address, how: "kept for less", because, lost: kept.lost, remedy: REMEDY }];
}

function told(term: number): string {
  if (Number.isNaN(term)) return "nobody can tell";
  return term === Number.POSITIVE_INFINITY ? "for ever" : String(term);
}
