import { homeOf, idReceivedAt, windowBegins } from "../../contract/event/identity.ts";
import type { Received } from "./repetitions.ts";

/**
 * How an item keeps what else came of its bytes: many times, and each writing costs by the whole item. Their ids differ in
 * their windows alone, so that a time stands for itself and its id: `90000`, milliseconds after the first; `[90000,-1]`,
 * where it was taken for an event of so many windows later than its own.
 */
type Entry = number | readonly [after: number, windows: number] | Received;

/** What entries are told from. */
interface First {
  readonly eventId: string;
  readonly receivedAt?: number;
}

export function writeReceived(
  { eventId: like, receivedAt: base = 0 }: First,
  all: readonly Received[],
): string {
  const span = homeOf(like).spanMilliseconds ?? Number.NaN;
  const entries = all.map((received): Entry => {
    const { eventId, receivedAt = Number.NaN } = received;
    const windows = (windowBegins(eventId) - Math.floor(receivedAt / span) * span) / span;
    if (!Number.isInteger(windows) || idReceivedAt(like, receivedAt + windows * span) !== eventId)
      return received;
    return windows === 0 ? receivedAt - base : [receivedAt - base, windows];
  });
  return JSON.stringify(entries);
}

export function readReceived(
  { eventId: like, receivedAt: base = 0 }: First,
  text: string,
): readonly Received[] {
  const span = homeOf(like).spanMilliseconds ?? Number.NaN;
  return (JSON.parse(text) as readonly Entry[]).map((entry): Received => {
    if (typeof entry === "object" && "eventId" in entry) return entry;
    const [after, windows] = typeof entry === "number" ? [entry, 0] : entry;
    const receivedAt = base + after;
    return { eventId: idReceivedAt(like, receivedAt + windows * span), receivedAt };
  });
}
