import { idReceivedAt } from "../../contract/event/identity.ts";

/** One time at which certain bytes were received, and the event that they were taken for. */
export interface Received {
  readonly eventId: string;
  /** Milliseconds since 1970; absent where the producer did not say. */
  readonly receivedAt?: number;
}

/** Which event a message is. */
interface Identified {
  readonly eventId: string;
  /** No other message has been taken for it. */
  readonly isNew: boolean;
  /** That it came is known: it has nothing to add. */
  readonly isNoted: boolean;
}

/**
 * So many are noted beside the first: an item costs by its size. From then on each window is an event, which needs no notes:
 * a repetition in the next one is taken for another event, and none is lost.
 */
export const MOST_NOTED = 300;

/**
 * Tells which event a message is, by what else was received of the same name or bytes.
 *
 * Where the sender repeats itself, there are as many events as there are times that lie a span or more from each other:
 * as many as one gets who counts each from its first. That number does not depend on the order in which messages are
 * processed. With each message it stays, and the message is a repetition, or grows by one, and the message is delivered
 * as a further event: all of them have the same bytes.
 *
 * @param span milliseconds; undefined where ids alone tell
 */
export function identify(
  { id, receivedAt }: { readonly id: string; readonly receivedAt?: number },
  all: readonly Received[],
  span: number | undefined,
): Identified {
  const isNew = all.every(({ eventId }) => eventId !== id);
  if (span === undefined || receivedAt === undefined) return { eventId: id, isNew, isNoted: !isNew };
  const noted = all.find((other) => other.receivedAt === receivedAt);
  if (noted !== undefined) return { eventId: noted.eventId, isNew: false, isNoted: true };
  if (all.length > MOST_NOTED) return { eventId: id, isNew, isNoted: true };
  const known = all.flatMap(({ eventId, receivedAt: at }) => (at === undefined ? [] : [{ eventId, at }]));
  const times = known.map(({ at }) => at);
  if (mostApart([...times, receivedAt], span) > mostApart(times, span))
    return { eventId: unusedId(id, [receivedAt, ...times], span, all), isNew: true, isNoted: false };
  const distance = ({ at }: { readonly at: number }) => Math.abs(at - receivedAt);
  const nearest = known.reduce((one, other) => (distance(other) < distance(one) ? other : one));
  return { eventId: nearest.eventId, isNew: false, isNoted: false };
}

/** How many of the times lie a span or more from each other, at most. */
function mostApart(times: readonly number[], span: number): number {
  let count = 0;
  let from = Number.NEGATIVE_INFINITY;
  for (const time of [...times].sort((one, other) => one - other)) {
    if (time - from < span) continue;
    count++;
    from = time;
  }
  return count;
}

/** An id that no event of these bytes has: the message's own, that of a repetition, or that of an earlier window. */
function unusedId(id: string, times: readonly number[], span: number, all: readonly Received[]): string {
  const used = new Set(all.map(({ eventId }) => eventId));
  const own = [id, ...times.map((time) => idReceivedAt(id, time))].find((each) => !used.has(each));
  if (own !== undefined) return own;
  let earlier = Math.min(...times);
  while (used.has(idReceivedAt(id, earlier))) earlier -= span;
  return idReceivedAt(id, earlier);
}
