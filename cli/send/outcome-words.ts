import { shortId } from "../../contract/event/identity.ts";
import { SHORT_ID_CHARACTERS } from "../../contract/log-fields.ts";
import { counted } from "../counted.ts";
import type { EventHistory, Outcome } from "../events/history.ts";
import { describeOutcome } from "../events/words.ts";

/** Whether the destination has it, now or from before. */
export function isDelivered(history: EventHistory | undefined): boolean {
  return history?.outcome === "delivered" || history?.outcome === "duplicate";
}

/** For a script; an event that no log has told of yet has no id. */
export function toDocument(history: EventHistory | undefined): unknown {
  if (history === undefined) return { outcome: "unknown" };
  const { event, outcome, attempts, status, reason } = history;
  const short = shortId(event.id, SHORT_ID_CHARACTERS);
  return { eventId: event.id, shortId: short, outcome, attempts, status, reason };
}

/** For a person: each of a few, or how many there are of each outcome. */
export function describeOutcomes(all: readonly (EventHistory | undefined)[], few: number): string[] {
  if (all.length === 0) return [];
  if (all.length <= few) {
    return ["", ...all.map((history) => (history === undefined ? "(not in the log yet)" : line(history)))];
  }
  const counts = new Map<Outcome | "not in the log yet", number>();
  for (const history of all) {
    const outcome = history?.outcome ?? "not in the log yet";
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  return [`became   ${[...counts].map(([outcome, count]) => counted(count, outcome, outcome)).join(", ")}`];
}

function line(history: EventHistory): string {
  const status = history.status === undefined ? "" : ` (${history.status})`;
  return `${shortId(history.event.id, SHORT_ID_CHARACTERS)}  ${describeOutcome(history)}${status}`;
}
