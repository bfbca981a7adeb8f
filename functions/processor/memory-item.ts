import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { defined } from "../../contract/defined.ts";
import type { Memories } from "./memory.ts";
import { readReceived, writeReceived } from "./repetitions-text.ts";

/** What an item holds, with what tells this writing of it from any other. */
export interface Stored {
  readonly memories: Memories;
  readonly revision: number;
  readonly writer: string;
}

/** Seconds that an event is remembered that is not delivered: longer than it may wait anywhere, a year in the bucket. */
export const UNDELIVERED_SECONDS = 400 * 24 * 3600;

/**
 * Seconds, beyond those for which a success is remembered, that an item lasts: for as long as a message waits on its queue,
 * unless that is set to more. A repetition that waited so long goes out under the id of the first. And where a receipt tells
 * the success, nobody writes the item again: what was killed at its delivery comes again within that time, too.
 */
const BEYOND_SECONDS = 4 * 24 * 3600;

export function keyOf(id: string): Record<string, AttributeValue> {
  return { id: { S: id } };
}

/**
 * @param rememberSeconds for how long a success is remembered that a receipt tells
 */
export function toItem(
  id: string,
  { memories, revision, writer }: Stored,
  rememberSeconds = UNDELIVERED_SECONDS,
): Record<string, AttributeValue> {
  const { eventId, receivedAt, delivered, heldUntil, attempts, firstAttemptAt, receipt } = memories.event;
  const seconds = receipt === undefined ? UNDELIVERED_SECONDS : rememberSeconds + BEYOND_SECONDS;
  const end = delivered ? heldUntil / 1000 + BEYOND_SECONDS : Date.now() / 1000 + seconds;
  return {
    ...keyOf(id),
    event_id: { S: eventId },
    ...defined({ received_at: receivedAt === undefined ? undefined : { N: String(receivedAt) } }),
    delivered: { BOOL: delivered },
    held_until: { N: String(heldUntil) },
    attempts: { N: String(attempts) },
    first_attempt_at: { S: firstAttemptAt },
    ...(receipt && { receipt: { S: receipt.item }, place: { S: receipt.place } }),
    ...(memories.later.length === 0 ? {} : { later: { S: writeReceived(memories.event, memories.later) } }),
    revision: { N: String(revision) },
    writer: { S: writer },
    expiration: { N: String(Math.ceil(end)) },
  };
}

export function fromItem(item: Record<string, AttributeValue>): Stored {
  const number = (name: string) => Number(item[name]?.N ?? 0);
  const { S: receipt } = item["receipt"] ?? {};
  const first = {
    eventId: item["event_id"]?.S ?? "",
    ...defined({ receivedAt: item["received_at"] && number("received_at") }),
  };
  return {
    memories: {
      event: {
        ...first,
        delivered: item["delivered"]?.BOOL === true,
        heldUntil: number("held_until"),
        attempts: number("attempts"),
        firstAttemptAt: item["first_attempt_at"]?.S ?? "",
        ...(receipt && { receipt: { item: receipt, place: item["place"]?.S ?? "" } }),
      },
      later: readReceived(first, item["later"]?.S ?? "[]"),
    },
    revision: number("revision"),
    writer: item["writer"]?.S ?? "",
  };
}
