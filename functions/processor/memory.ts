import { defined } from "../../contract/defined.ts";
import { identify, MOST_NOTED, type Received } from "./repetitions.ts";

/** What is remembered of one event. */
export interface Memory {
  /** Its id, and so the `Idempotency-Key` under which it goes out, the same event's repetitions included. */
  readonly eventId: string;
  /** Milliseconds since 1970; absent where the producer did not say. */
  readonly receivedAt?: number;
  readonly delivered: boolean;
  /** Milliseconds since 1970. Of a delivered event: how long it is remembered. Else: how long somebody is at it. */
  readonly heldUntil: number;
  /**
   * Requests to the destination. While somebody is at it, that one's first is counted before it is made; not where it was
   * locked ahead.
   */
  readonly attempts: number;
  /** ISO 8601, UTC. */
  readonly firstAttemptAt: string;
  /** Where its success is told, if there is one: with that of others of its batch. */
  readonly receipt?: ReceiptPlace;
}

/** An event's place on its batch's receipt, the item that says which of them have been delivered. */
export interface ReceiptPlace {
  /** The receipt's item. */
  readonly item: string;
  readonly place: string;
}

/** What one item of the state table holds: an event, and where a sender repeats itself, what else came of its bytes. */
export interface Memories {
  readonly event: Memory;
  /** Repetitions, and other events of the same bytes, each of which is remembered in an item of its own. */
  readonly later: readonly Received[];
}

/** An event that is to be delivered. */
export interface EventToDeliver {
  readonly id: string;
  /** Milliseconds since 1970; absent where the producer did not say. */
  readonly receivedAt?: number;
  /** What its message says of earlier requests. */
  readonly attempts: number;
  /** ISO 8601, UTC; now, where its message says nothing. */
  readonly firstAttemptAt: string;
}

type Decision =
  /** Delivered before, within the window; write first, if anything, that it came. */
  | { readonly kind: "duplicate"; readonly write?: Memories }
  /** Somebody is at it, or was killed at it not long ago. */
  | { readonly kind: "in-progress" }
  /** Write this, then deliver it. */
  | { readonly kind: "begin"; readonly write: Memories }
  /** Its memory lies in another item, of this event; here is only to be written, if anything, that it does. */
  | {
      readonly kind: "elsewhere";
      readonly eventId: string;
      readonly write?: Memories;
      readonly otherBytes: boolean;
    };

/**
 * Decides on an event by what its item holds.
 *
 * @param lockUntil until when it is this execution's to deliver
 * @param span milliseconds within which the same bytes are one event, where the item is that of whatever has them
 */
export function decide(
  seen: Memories | undefined,
  event: EventToDeliver,
  now: number,
  lockUntil: number,
  span?: number,
): Decision {
  if (seen === undefined)
    return { kind: "begin", write: { event: begun(event, undefined, lockUntil), later: [] } };
  const { event: first, later } = seen;
  const { eventId, isNew, isNoted } = identify(event, [first, ...later], span);
  const noted = isNoted
    ? later
    : [...later, { eventId, receivedAt: event.receivedAt ?? now }].slice(-MOST_NOTED);
  if (isNew && !isRemembered(first, now)) {
    // Nobody asks for the first any more: its place is taken.
    const others = later.filter((other) => other.eventId !== first.eventId && later.length < MOST_NOTED);
    return {
      kind: "begin",
      write: { event: begun({ ...event, id: eventId }, undefined, lockUntil), later: others },
    };
  }
  if (eventId !== first.eventId) {
    const otherBytes = isNew && span === undefined;
    const write = isNoted || otherBytes ? undefined : { event: first, later: noted };
    return { kind: "elsewhere", eventId, otherBytes, ...defined({ write }) };
  }
  if (!isRemembered(first, now)) {
    // No success is remembered any more, but under which id it went out is: a repetition may have waited for longer.
    return { kind: "begin", write: { event: begunAnew(event, first, lockUntil), later: noted } };
  }
  if (first.delivered)
    return { kind: "duplicate", ...defined({ write: isNoted ? undefined : { event: first, later: noted } }) };
  if (first.heldUntil > now) return { kind: "in-progress" };
  return { kind: "begin", write: { event: begun(event, first, lockUntil), later: noted } };
}

/**
 * An event that is to be delivered for the first time, as far as anybody knows, and whose success goes on a receipt. No
 * request is counted: an execution that is killed has come to few of those that it had locked.
 */
export function lockedAhead(event: EventToDeliver, lockUntil: number, receipt: ReceiptPlace): Memory {
  return { ...begun(event, undefined, lockUntil), attempts: event.attempts, receipt };
}

/** One request more, before it is made: an execution that is killed in the middle of it tells nobody. */
function begun(event: EventToDeliver, before: Memory | undefined, heldUntil: number): Memory {
  return {
    eventId: before?.eventId ?? event.id,
    ...defined({ receivedAt: before?.receivedAt ?? event.receivedAt }),
    delivered: false,
    heldUntil,
    attempts: Math.max(event.attempts, before?.attempts ?? 0) + 1,
    firstAttemptAt: earlier(event.firstAttemptAt, before?.firstAttemptAt ?? event.firstAttemptAt),
  };
}

/** An event whose earlier deliveries count no more; its id, and when it was received first, are what they were. */
function begunAnew(event: EventToDeliver, gone: Memory, heldUntil: number): Memory {
  const { attempts, firstAttemptAt } = event;
  return begun(event, { ...gone, attempts, firstAttemptAt }, heldUntil);
}

/** The earlier of two times, ISO 8601 in UTC. */
export function earlier(one: string, other: string): string {
  return one < other ? one : other;
}

/** How a delivery ended. */
export interface Ending {
  /** As it was written when the delivery began; its `heldUntil` tells whose lock it is. */
  readonly begun: Memory;
  readonly succeeded: boolean;
  /** Requests to the destination, those of this delivery included; one was counted beforehand. */
  readonly attempts: number;
  /** Milliseconds since 1970 until when a success is remembered. */
  readonly rememberUntil: number;
}

/** What to write at the end of a delivery; nothing where the item has nothing to learn from it. */
export function ended(seen: Memories | undefined, ending: Ending): Memories | undefined {
  const { begun, succeeded, rememberUntil } = ending;
  const { receipt, ...now } = seen?.event ?? begun;
  if (now.eventId !== begun.eventId || now.delivered) return undefined;
  // Somebody else may be at it, where this one took longer than its lock.
  const isOurs = now.heldUntil === begun.heldUntil;
  const attempts = ending.attempts + now.attempts - begun.attempts;
  const event = { ...now, attempts, ...(isOurs ? { heldUntil: 0 } : defined({ receipt })) };
  return {
    event: succeeded ? { ...event, delivered: true, heldUntil: rememberUntil } : event,
    later: seen?.later ?? [],
  };
}

/** A failure is remembered for as long as its item lasts, a success for the window. */
function isRemembered({ delivered, heldUntil }: Memory, now: number): boolean {
  return !delivered || heldUntil > now;
}
