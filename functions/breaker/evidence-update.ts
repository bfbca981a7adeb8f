import type { AttributeValue, UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import { defined } from "../../contract/defined.ts";
import {
  bucketOf,
  type Evidence,
  failingText,
  evidenceAttributes as names,
  OTHER_TYPES,
  oldAttributes,
  rowAttributes,
  succeededAttribute,
  type Tally,
  tallyAttribute,
} from "../../contract/evidence.ts";
import type { Seen } from "./observation.ts";

export type Item = Readonly<Record<string, AttributeValue>>;

/** Events of further types are told under one name, or an item would grow with whatever somebody sends. */
const MOST_TYPES = 10;
/** A row ends by itself when nothing has failed for so long: what fails then is another story. */
export const ROW_MILLISECONDS = 60 * 60_000;

type Update = Pick<
  UpdateItemCommandInput,
  "UpdateExpression" | "ConditionExpression" | "ExpressionAttributeNames" | "ExpressionAttributeValues"
>;

/**
 * The one write that adds what was seen to the item. A row that is over is written anew, on condition that nobody else
 * has begun the next one meanwhile: what is known of the item may be some seconds old.
 *
 * @param earlier successes from before the first failure, which nobody was told of; they break no row
 * @param mostFailing how many different events of a row are kept
 */
export function evidenceUpdate(
  item: Item,
  evidence: Evidence,
  { earlier, fresh }: { readonly earlier: readonly Seen[]; readonly fresh: readonly Seen[] },
  mostFailing: number,
  now: number,
): Update {
  const known = new Set([...evidence.types.keys(), ...evidence.succeededAt.keys()]);
  const named = (event: Seen): Seen => {
    if (!known.has(event.type) && known.size >= MOST_TYPES) return { ...event, type: OTHER_TYPES };
    known.add(event.type);
    return event;
  };
  const before = earlier.map(named);
  const all = fresh.map(named);
  const writer = new ExpressionWriter();
  for (const [name, count] of tallies([...before, ...all])) writer.add(name, { N: String(count) });
  const successes = [...before, ...all].filter(({ kind }) => kind === "succeeded");
  for (const [type, at] of latest(successes)) writer.set(succeededAttribute(type), { N: String(at) });
  const lastSuccessAt = Math.max(...successes.map(({ at }) => at), evidence.lastSuccessAt ?? 0);
  if (successes.length > 0) writer.set(names.lastSuccessAt, { N: String(lastSuccessAt) });
  const misses = all.filter(({ kind }) => kind !== "succeeded");
  if (misses.length > 0) writer.set(names.lastFailureAt, { N: String(now) });
  if (misses.length < all.length) for (const name of rowAttributes) writer.remove(name);
  else {
    const isOver = now - (evidence.lastFailureAt ?? 0) >= ROW_MILLISECONDS;
    const old = isOver ? { failing: [], refused: [] } : evidence;
    const write = isOver ? writer.set : writer.add;
    const failed = misses.filter(({ kind, isMistake }) => kind === "failed" && !isMistake);
    const refused = misses.filter(({ kind }) => kind === "refused");
    row(write, names.failing, names.failedInRow, failed, old.failing, mostFailing);
    row(write, names.refused, names.refusedInRow, refused, old.refused, mostFailing);
    if (isOver) {
      for (const name of rowAttributes) writer.remove(name);
      writer.onlyIfStill(names.lastFailureAt, evidence.lastFailureAt);
    }
  }
  for (const name of oldAttributes(item, now)) writer.remove(name);
  return writer.update();
}

function tallies(events: readonly Seen[]): Map<string, number> {
  const counts = new Map<string, number>();
  const count = (field: keyof Tally, { at, type }: Seen) => {
    const name = tallyAttribute(bucketOf(at), field, type);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  };
  for (const event of events) {
    count(event.kind, event);
    if (event.attempt === 1 && event.kind === "succeeded") count("firstSucceeded", event);
    if (event.attempt === 1 && event.kind === "failed") count("firstFailed", event);
  }
  return counts;
}

function latest(events: readonly Seen[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const { type, at } of events) times.set(type, Math.max(at, times.get(type) ?? 0));
  return times;
}

/** Adds to a row as many of its events as are kept, a type that is not among them yet in any case. */
function row(
  write: (name: string, value: AttributeValue) => void,
  events: string,
  inRow: string,
  more: readonly Seen[],
  old: Evidence["failing"],
  most: number,
): void {
  if (more.length === 0) return;
  write(inRow, { N: String(more.length) });
  const marks = new Set(old.map(({ mark }) => mark));
  const types = new Set(old.map(({ type }) => type));
  const kept = more.filter(({ mark, type }) => {
    const isKept = !marks.has(mark) && (marks.size < most || !types.has(type));
    if (isKept) {
      marks.add(mark);
      types.add(type);
    }
    return isKept;
  });
  if (kept.length > 0) write(events, { SS: [...new Set(kept.map(failingText))] });
}

/** An update expression, with every name and value behind a placeholder. */
class ExpressionWriter {
  readonly #clauses = { SET: [] as string[], REMOVE: [] as string[], ADD: [] as string[] };
  readonly #names: Record<string, string> = {};
  readonly #values: Record<string, AttributeValue> = {};
  #condition: string | undefined;

  readonly set = (name: string, value: AttributeValue): void => {
    this.#clauses.SET.push(`${this.#name(name)} = ${this.#value(value)}`);
  };

  readonly add = (name: string, value: AttributeValue): void => {
    this.#clauses.ADD.push(`${this.#name(name)} ${this.#value(value)}`);
  };

  /** Not what is written by the same expression. */
  readonly remove = (name: string): void => {
    if (!Object.values(this.#names).includes(name)) this.#clauses.REMOVE.push(this.#name(name));
  };

  /** @param seen the number that the attribute was, `undefined` where there was none */
  onlyIfStill(name: string, seen: number | undefined): void {
    this.#condition =
      seen === undefined
        ? `attribute_not_exists(${this.#name(name)})`
        : `${this.#name(name)} = ${this.#value({ N: String(seen) })}`;
  }

  update(): Update {
    const clauses = Object.entries(this.#clauses).filter(([, parts]) => parts.length > 0);
    return {
      UpdateExpression: clauses.map(([clause, parts]) => `${clause} ${parts.join(", ")}`).join(" "),
      ...defined({ ConditionExpression: this.#condition }),
      ExpressionAttributeNames: this.#names,
      ExpressionAttributeValues: this.#values,
    };
  }

  #name(name: string): string {
    const placeholder = `#n${Object.keys(this.#names).length}`;
    this.#names[placeholder] = name;
    return placeholder;
  }

  #value(value: AttributeValue): string {
    const placeholder = `:v${Object.keys(this.#values).length}`;
    this.#values[placeholder] = value;
    return placeholder;
  }
}
