import type { Outcome } from "./history.ts";
import type { Step } from "./step.ts";

/**
 * Where an event is after these steps. What was delivered once is delivered, whatever becomes of a copy.
 *
 * @param way oldest first
 */
export function outcomeOf(way: readonly Step[]): Outcome {
  let outcome: Outcome = "waiting";
  for (const step of way) outcome = outcome === "delivered" ? outcome : after(outcome, step);
  return outcome;
}

function after(before: Outcome, { kind, deadLetter }: Step): Outcome {
  switch (kind) {
    case "accepted":
    case "deferred":
    case "failed":
    case "redriven":
    case "brought-back":
      return "waiting";
    case "requeued":
      return deadLetter ? "dead" : "waiting";
    case "parked":
      return deadLetter ? "dead" : "parked";
    case "spilled":
    case "delivered":
    case "duplicate":
    case "dead":
      return kind;
    case "told":
      return before;
  }
}
