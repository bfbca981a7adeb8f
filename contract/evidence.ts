import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { defined } from "./defined.ts";

/**
 * What all processors together have lately seen of the destination. It lies beside the breaker's state, in the same
 * item: one read brings both. Processors add to it while something fails; fair weather costs nothing.
 */
export interface Evidence {
  /** By event type, over the last half-hour and up to a quarter more. */
  readonly types: ReadonlyMap<string, Tally>;
  /** Failed attempts in the quarter of an hour at hand. */
  readonly failedNow: number;
  /** Different events with a transient failure since the last success; no more than make an outage. */
  readonly failing: readonly FailingEvent[];
  /** Different events that were refused for good since the last success. */
  readonly refused: readonly FailingEvent[];
  /** Misses of rows that have opened the breaker: the outage's, and no measure of how it goes otherwise. */
  readonly missedInOutages: number;
  /** Attempts in a row without a success, those of one event included. */
  readonly failedInRow: number;
  readonly refusedInRow: number;
  /** Milliseconds since 1970. */
  readonly lastFailureAt?: number;
  readonly lastSuccessAt?: number;
  /** The last success of each type, milliseconds since 1970. */
  readonly succeededAt: ReadonlyMap<string, number>;
}

/** Attempts of one type. */
export interface Tally {
  readonly succeeded: number;
  readonly failed: number;
  /** Turned down for good. */
  readonly refused: number;
  /** Of those that succeeded or failed, an event's first: how it goes with events, and not with retries. */
  readonly firstSucceeded: number;
  readonly firstFailed: number;
}

export interface FailingEvent {
  /** Stands for the event's id. */
  readonly mark: string;
  readonly type: string;
  /** The HTTP status, where there was one. */
  readonly status?: number;
  /** Milliseconds since 1970. */
  readonly receivedAt?: number;
}

/** Tallies are kept in buckets: the one at hand, and two before, since an event's attempts take half an hour. */
const BUCKET_SECONDS = 900;
const BUCKETS = 3;
/** How long a type's last success is remembered. */
const SUCCESS_MILLISECONDS = 60 * 60_000;

/** What the types beyond the first ten are told as: of how many types its events are, nobody knows. */
export const OTHER_TYPES = "(other types)";

export const noTally: Tally = { succeeded: 0, failed: 0, refused: 0, firstSucceeded: 0, firstFailed: 0 };

export const noEvidence: Evidence = {
  types: new Map(),
  failedNow: 0,
  missedInOutages: 0,
  failing: [],
  refused: [],
  failedInRow: 0,
  refusedInRow: 0,
  succeededAt: new Map(),
};

/** The item's attributes, beside the breaker's own. */
export const evidenceAttributes = {
  failing: "failing",
  refused: "refused",
  failedInRow: "failedInRow",
  refusedInRow: "refusedInRow",
  lastFailureAt: "lastFailureAt",
  lastSuccessAt: "lastSuccessAt",
} as const;

/** What breaks a row: a success, and a change of the breaker. */
export const rowAttributes: readonly string[] = [
  evidenceAttributes.failing,
  evidenceAttributes.refused,
  evidenceAttributes.failedInRow,
  evidenceAttributes.refusedInRow,
];

/** Short, since an item is paid for by its bytes. */
const TALLY_CODES: Readonly<Record<keyof Tally, string>> = {
  succeeded: "s",
  failed: "f",
  refused: "r",
  firstSucceeded: "s1",
  firstFailed: "f1",
};
const SUCCEEDED_AT = "at";
const IN_OUTAGES = "o";

export function bucketOf(milliseconds: number): number {
  return Math.floor(milliseconds / 1_000 / BUCKET_SECONDS);
}

/** `5919201|f|v2.conversations`: the attribute that counts a type's failures in a bucket. */
export function tallyAttribute(bucket: number, field: keyof Tally, type: string): string {
  return `${bucket}|${TALLY_CODES[field]}|${type}`;
}

/** `5919201|o|`: the misses of rows that ended in a bucket with a change of the breaker. */
export function outagesAttribute(bucket: number): string {
  return `${bucket}|${IN_OUTAGES}|`;
}

/** `|at|v2.conversations`: when the type last succeeded. */
export function succeededAttribute(type: string): string {
  return `|${SUCCEEDED_AT}|${type}`;
}

/** `3f9a01bc42|503|1772366400000|v2.conversations` */
export function failingText({ mark, status, receivedAt, type }: FailingEvent): string {
  return [mark, status ?? "", receivedAt ?? "", type].join("|");
}

type Item = Readonly<Record<string, AttributeValue>>;

/** The names of what is too old to tell anything. */
export function oldAttributes(item: Item, now: number): string[] {
  return Object.entries(item).flatMap(([name, { N }]) => {
    const [, bucket, code] = /^(\d*)\|(\w+)\|/.exec(name) ?? [];
    if (code === undefined) return [];
    const isOld =
      code === SUCCEEDED_AT
        ? now - Number(N) >= SUCCESS_MILLISECONDS
        : Number(bucket) <= bucketOf(now) - BUCKETS;
    return isOld ? [name] : [];
  });
}

/** Reads the breaker's item. What it does not understand it leaves out: another version may have written it. */
export function readEvidence(item: Item | undefined, now: number): Evidence {
  if (item === undefined) return noEvidence;
  const old = new Set(oldAttributes(item, now));
  const types = new Map<string, Tally>();
  const succeededAt = new Map<string, number>();
  let [failedNow, missedInOutages] = [0, 0];
  for (const [name, { N }] of Object.entries(item)) {
    const [, code, type] = /^\d*\|(\w+)\|(.*)$/s.exec(name) ?? [];
    if (type === undefined || N === undefined || old.has(name)) continue;
    if (code === IN_OUTAGES) missedInOutages += Number(N);
    if (code === SUCCEEDED_AT) succeededAt.set(type, Number(N));
    const field = tallyFields.find((each) => TALLY_CODES[each] === code);
    if (field === undefined) continue;
    const tally = types.get(type) ?? noTally;
    types.set(type, { ...tally, [field]: tally[field] + Number(N) });
    if (name === tallyAttribute(bucketOf(now), "failed", type)) failedNow += Number(N);
  }
  const { failing, refused, failedInRow, refusedInRow, ...times } = evidenceAttributes;
  const [lastFailureAt, lastSuccessAt] = [times.lastFailureAt, times.lastSuccessAt].map((name) =>
    item[name]?.N === undefined ? undefined : Number(item[name]?.N),
  );
  return {
    types,
    failedNow,
    missedInOutages,
    failing: different(item[failing]?.SS),
    refused: different(item[refused]?.SS),
    failedInRow: Number(item[failedInRow]?.N ?? 0),
    refusedInRow: Number(item[refusedInRow]?.N ?? 0),
    ...defined({ lastFailureAt, lastSuccessAt }),
    succeededAt,
  };
}

const tallyFields = Object.keys(TALLY_CODES) as (keyof Tally)[];

/** One for each event: it may have failed in several ways. */
function different(texts: readonly string[] = []): FailingEvent[] {
  const events = new Map<string, FailingEvent>();
  for (const text of texts) {
    const [mark = "", status, receivedAt, ...type] = text.split("|");
    const number = (given: string | undefined) => (given ? Number(given) : undefined);
    events.set(mark, {
      mark,
      type: type.join("|"),
      ...defined({ status: number(status), receivedAt: number(receivedAt) }),
    });
  }
  return [...events.values()];
}
