import { SPILL_PREFIX } from "../overflow.ts";
import { sha256 } from "./envelope.ts";
import type { StringAttribute } from "./message-text.ts";

/**
 * A message that no queue took, as it lies in the overflow bucket. This is the contract between the
 * receiver, which writes it, and recovery, which sends `body` and `attributes` to `queue` and then deletes
 * the object.
 */
export interface SpilledMessage {
  readonly queue: "main" | "dead-letter";
  /** The SQS message body: an envelope. */
  readonly body: string;
  readonly attributes?: Readonly<Record<string, StringAttribute>>;
}

/** Dead letters lie in a folder of their own. */
const SPILLED_DEAD_LETTERS_PREFIX = `${SPILL_PREFIX}dead-letters/`;
const SPILLED_EVENTS_PREFIX = `${SPILL_PREFIX}events/`;

/**
 * An object's key: `<prefix>2026/11/24/<hash>`. Two deliveries of one event have one key a day; two events
 * never share one, not even where a configured dedupe path gives them the same id.
 */
export function objectKey(prefix: string, id: string, bodySha256: string, receivedAt: Date): string {
  const day = receivedAt.toISOString().slice(0, 10).replaceAll("-", "/");
  return `${prefix}${day}/${sha256(`${id}\n${bodySha256}`)}`;
}

export function spillKey(queue: SpilledMessage["queue"], ...key: KeyParts): string {
  return `${objectKey(queue === "main" ? SPILLED_EVENTS_PREFIX : SPILLED_DEAD_LETTERS_PREFIX, ...key)}.json`;
}

type KeyParts = [id: string, bodySha256: string, receivedAt: Date];

export function writeSpill(message: SpilledMessage): string {
  return JSON.stringify(message);
}

/** @throws {Error} when it is no spilled message: such an object is left alone and looked at by a person. */
export function readSpill(text: string): SpilledMessage {
  const value = JSON.parse(text) as Partial<SpilledMessage> | null;
  if (typeof value?.body !== "string" || (value.queue !== "main" && value.queue !== "dead-letter")) {
    throw new Error("The object is no spilled message.");
  }
  return value as SpilledMessage;
}
