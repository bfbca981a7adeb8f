import { defined } from "../../contract/defined.ts";
import { sha256 } from "../../contract/event/envelope.ts";
import type { DeadLetter } from "./dead-letter.ts";
import { fold } from "./fold.ts";

/** Dead letters of one class, status and type, whose reasons differ in ids and numbers alone. */
export interface Cause {
  /** The same in every look and on every machine: `--cause` takes it, or how it begins. */
  readonly id: string;
  readonly class: DeadLetter["class"];
  readonly status?: number;
  readonly eventType?: string;
  /** The reason, with ids and numbers folded. */
  readonly text: string;
  readonly count: number;
  /** Of all that were looked at: from 0 to 1. */
  readonly share: number;
  /** ISO 8601, UTC: when the first and the last of them died. */
  readonly firstAt: string;
  readonly lastAt: string;
  /** The event id of the last one. */
  readonly example: string;
  /** Its reason, as it is. */
  readonly reason: string;
}

/** Characters of a cause's id: of a thousand causes no two are likely to share it. */
const ID_CHARACTERS = 8;

/** The id of a dead letter's cause. */
export function causeId(deadLetter: DeadLetter): string {
  return idOf(keyOf(deadLetter));
}

/** The causes of dead letters, the one with the most first. */
export function causesOf(deadLetters: readonly DeadLetter[]): Cause[] {
  const groups = new Map<string, { count: number; first: DeadLetter; last: DeadLetter }>();
  for (const deadLetter of deadLetters) {
    const key = keyOf(deadLetter);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { count: 1, first: deadLetter, last: deadLetter });
      continue;
    }
    group.count++;
    if (deadLetter.diedAt < group.first.diedAt) group.first = deadLetter;
    if (deadLetter.diedAt >= group.last.diedAt) group.last = deadLetter;
  }
  return [...groups]
    .map(([key, { count, first, last }]) => ({
      id: idOf(key),
      class: last.class,
      ...defined({ status: last.status, eventType: last.eventType }),
      text: textOf(last),
      count,
      share: count / deadLetters.length,
      firstAt: first.diedAt,
      lastAt: last.diedAt,
      example: last.eventId,
      reason: last.reason,
    }))
    .sort((a, b) => b.count - a.count || (a.lastAt < b.lastAt ? 1 : -1));
}

function textOf({ reason, status }: DeadLetter): string {
  return fold(reason, status === undefined ? [] : [status]);
}

function keyOf(deadLetter: DeadLetter): string {
  const { class: reasonClass, status, eventType } = deadLetter;
  return JSON.stringify([reasonClass, status ?? null, eventType ?? null, textOf(deadLetter)]);
}

function idOf(key: string): string {
  return sha256(key).slice(0, ID_CHARACTERS);
}
