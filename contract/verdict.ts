import { defined } from "./defined.ts";
import { type Evidence, type FailingEvent, noTally, OTHER_TYPES, type Tally } from "./evidence.ts";

/** What is younger than this tells how the destination is: about as long as an event's attempts take by default. */
const RECENT_MILLISECONDS = 30 * 60_000;
/** So unlikely has a row of failures to be, were it chance, for it to be an outage; one that was none costs a minute. */
const ROW_BY_CHANCE = 1e-6;
/** So unlikely have an event's own failures to be, were it chance, for them to be its own fault. */
const FAILURES_BY_CHANCE = 1e-4;

/** Why the destination is taken to be down. */
export interface Outage {
  /** How many different events, and of how many types. */
  readonly events: number;
  readonly types: number;
  /** All of them were refused with this status, which is then no event's fault. */
  readonly refusedWith?: number;
  /** When the oldest of them was received: milliseconds since 1970. */
  readonly oldest?: number;
}

/**
 * Whether the destination is down for all, by what all processors have seen: so many *different* events in a row
 * without a success, in a row that is too long for chance where some succeed. One event that is tried again and
 * again is none, and neither is one type that fails while others succeeded lately.
 *
 * @param failingEvents how many different events make an outage at least
 */
export function outageIn(evidence: Evidence, failingEvents: number, now: number): Outage | undefined {
  const all = totalOf(evidence.types.values());
  const { failing, failedInRow, refusedInRow, missedInOutages } = evidence;
  const isRow = (events: readonly FailingEvent[], inRow: number, misses: number) =>
    events.length >= failingEvents &&
    inRow >= rowOf(Math.max(0, misses - inRow - missedInOutages), all.succeeded) &&
    !isOneType(events, evidence, now);
  if (isRow(failing, failedInRow, all.failed)) return describe(failing);
  const alike = refusedAlike(evidence.refused);
  if (!isRow(alike, refusedInRow, all.refused)) return undefined;
  return { ...describe(alike), ...defined({ refusedWith: alike[0]?.status }) };
}

/** How many misses in a row are no chance, where so many attempts before missed and so many succeeded. */
function rowOf(missed: number, succeeded: number): number {
  if (succeeded === 0) return 1;
  const share = (missed + 1) / (missed + succeeded + 2);
  return Math.log(ROW_BY_CHANCE) / Math.log(share);
}

/** The largest group with one status: a destination that reads each event gives each its own answer. */
function refusedAlike(events: readonly FailingEvent[]): readonly FailingEvent[] {
  const groups = Object.values(Object.groupBy(events, ({ status }) => status ?? 0));
  return groups.reduce<readonly FailingEvent[]>(
    (most, group = []) => (group.length > most.length ? group : most),
    [],
  );
}

function isOneType(events: readonly FailingEvent[], { succeededAt }: Evidence, now: number): boolean {
  const types = typesOf(events);
  if (types.size > 1 || types.has(OTHER_TYPES)) return false;
  return [...succeededAt].some(([type, at]) => !types.has(type) && now - at < RECENT_MILLISECONDS);
}

function describe(events: readonly FailingEvent[]): Outage {
  const times = events.flatMap(({ receivedAt }) => receivedAt ?? []);
  return {
    events: events.length,
    types: typesOf(events).size,
    ...(times.length === 0 ? {} : { oldest: Math.min(...times) }),
  };
}

function typesOf(events: readonly FailingEvent[]): ReadonlySet<string> {
  return new Set(events.map(({ type }) => type));
}

/**
 * Whether it is the event's own fault that it failed so often: others succeed, and by chance it would hardly have
 * failed each time. Where its own type succeeds, that type's share of failures is the chance; else that of the others.
 *
 * @param attempts those that it has had, all of them failed
 */
export function isToBlame(evidence: Evidence, type: string, attempts: number, now: number): boolean {
  const { types, lastSuccessAt } = evidence;
  if (lastSuccessAt === undefined || now - lastSuccessAt >= RECENT_MILLISECONDS) return false;
  const own = types.get(type) ?? noTally;
  const others = totalOf([...types].flatMap(([name, tally]) => (name === type ? [] : [tally])));
  const measure = own.succeeded > 0 ? withoutOne(own) : others;
  return measure.succeeded > 0 && worstShare(measure) ** attempts <= FAILURES_BY_CHANCE;
}

/** The event itself, which is no evidence against the others. */
function withoutOne(tally: Tally): Tally {
  const { failed, firstFailed } = tally;
  return { ...tally, failed: Math.max(0, failed - 1), firstFailed: Math.max(0, firstFailed - 1) };
}

/** Too few first attempts to go by: then all attempts count, which one bad event alone can drive up. */
const FEW = 5;
/** Of a normal distribution: what lies beyond is one in forty. */
const Z = 1.96;

/**
 * The share of attempts that fail, at worst, by Wilson's interval: a few attempts prove little.
 * https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval
 */
function worstShare({ succeeded, failed, firstSucceeded, firstFailed }: Tally): number {
  const byFirst = firstSucceeded > 0 && firstSucceeded + firstFailed >= FEW;
  const [good, bad] = byFirst ? [firstSucceeded, firstFailed] : [succeeded, failed];
  const count = good + bad;
  const share = bad / count;
  const spread = Z * Math.sqrt((share * (1 - share)) / count + Z ** 2 / (4 * count ** 2));
  return (share + Z ** 2 / (2 * count) + spread) / (1 + Z ** 2 / count);
}

/** Whether recovery may bring dead letters back: not while different events fail and none succeeds. */
export function mayRedrive(evidence: Evidence, now: number): boolean {
  const { failing, lastFailureAt = 0 } = evidence;
  if (failing.length < 2 || now - lastFailureAt >= RECENT_MILLISECONDS * 2) return true;
  return isOneType(failing, evidence, now);
}

export function totalOf(tallies: Iterable<Tally>): Tally {
  const total: Record<keyof Tally, number> = { ...noTally };
  for (const tally of tallies)
    for (const field of Object.keys(total) as (keyof Tally)[]) total[field] += tally[field];
  return total;
}
