import { randomUUID } from "node:crypto";
import { type MessageRecord, readRecord } from "./message-record.ts";
import { PARKED_PREFIX } from "./overflow.ts";

/**
 * Messages that were moved to the bucket before their queue would have deleted them, many to an object, a
 * record a line. Recovery writes them; recovery and the operator's command bring them back.
 *
 * - `events` waited on the main queue, and go back to it.
 * - `redrivable` are dead letters that recovery redrives when deliveries succeed again.
 * - `dead-letters` wait for a person.
 */
const parkedKinds = ["dead-letters", "events", "redrivable"] as const;
export type ParkedKind = (typeof parkedKinds)[number];

/** Those that are dead letters, wherever they lie. */
export const parkedDeadLetters: readonly ParkedKind[] = ["dead-letters", "redrivable"];

/** What an object's key tells of it. */
export interface ParkedObject {
  readonly key: string;
  readonly kind: ParkedKind;
  /** When the oldest event in it was received. */
  readonly oldest: Date;
  /** How many messages lie in it. */
  readonly count: number;
}

const parkedPrefix = (kind: ParkedKind): string => `${PARKED_PREFIX}${kind}/`;

/** `parked/events/20261126T051000Z-500-<uuid>.jsonl`: listed in the order of their age, counted without a look. */
export function parkedKey(kind: ParkedKind, oldest: Date, count: number): string {
  const time = oldest.toISOString().replace(/\.\d+/, "").replaceAll(/[-:]/g, "");
  return `${parkedPrefix(kind)}${time}-${count}-${randomUUID()}.jsonl`;
}

const KEY = new RegExp(
  `^${PARKED_PREFIX}(${parkedKinds.join("|")})/(\\d{4})(\\d\\d)(\\d\\d)T(\\d\\d)(\\d\\d)(\\d\\d)Z-(\\d+)-[^/]+\\.jsonl$`,
);

/** @returns undefined for the key of something else */
export function readParkedKey(key: string): ParkedObject | undefined {
  const [, kind, year, month, day, hour, minute, second, count] = KEY.exec(key) ?? [];
  if (kind === undefined) return undefined;
  const oldest = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return { key, kind: kind as ParkedKind, oldest, count: Number(count) };
}

export function writeParked(records: readonly MessageRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

/** An object under `parked/` that nobody has parked. */
export class NotParkedError extends Error {
  override readonly name = "NotParked";
}

/** @throws {NotParkedError} where a line is no record: such an object is left alone and looked at by a person */
export function readParked(text: string): MessageRecord[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line, index) => {
      const record = readRecord(line);
      if (record === undefined)
        throw new NotParkedError(`Line ${index + 1} of the object is no parked message.`);
      return record;
    });
}
