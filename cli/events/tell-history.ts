import { defined } from "../../contract/defined.ts";
import type { EventHistory } from "./history.ts";
import { nextOf } from "./next.ts";
import { outcomeOf } from "./outcome.ts";
import type { EventIdentity, Step } from "./step.ts";
import { inOrder, withRedrives } from "./way.ts";

/** An event's history from what lines have told, in any order. @param omitted steps that were left out */
export function tellHistory(event: EventIdentity, steps: Iterable<Step>, omitted = 0): EventHistory {
  const way = withRedrives(inOrder(steps));
  const outcome = outcomeOf(way);
  const last = way.findLast(isEndOfAttempt);
  return {
    event,
    steps: way,
    omitted,
    outcome,
    attempts: Math.max(0, ...way.map(({ attempt = 0 }) => attempt)),
    ...defined({ status: last?.status, reason: last?.reason }),
    redrives: Math.max(0, ...way.map(({ redrives = 0 }) => redrives)),
    lastAt: way.at(-1)?.at ?? "",
    next: nextOf(event.id, way, outcome),
  };
}

function isEndOfAttempt({ kind }: Step): boolean {
  return kind === "delivered" || kind === "failed" || kind === "dead";
}

/** What two lines tell of one event. It is the same in whatever order they come. */
export function mergeIdentity(one: EventIdentity, other: EventIdentity): EventIdentity {
  const least = (key: "source" | "type" | "conversation" | "receivedAt") => {
    const [a, b] = [one[key], other[key]];
    return a === undefined || (b !== undefined && b < a) ? b : a;
  };
  return {
    id: one.id,
    ...defined({
      source: least("source"),
      type: least("type"),
      conversation: least("conversation"),
      receivedAt: least("receivedAt"),
    }),
  };
}
