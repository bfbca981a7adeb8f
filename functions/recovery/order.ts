import * as z from "zod/mini";
import type { BreakerEvent } from "../../contract/breaker.ts";

/** What a person may ask of recovery: `{"breaker": "open", "reason": "maintenance"}` or `{"breaker": "close"}`. */
const order = z.discriminatedUnion("breaker", [
  z.strictObject({ breaker: z.literal("open"), reason: z.optional(z.string().check(z.maxLength(500))) }),
  z.strictObject({ breaker: z.literal("close") }),
]);

/**
 * The order in an invocation's event; `undefined` for the schedule's events and the processor's calls.
 *
 * @throws {Error} when it speaks of the breaker, but asks for something else: a typo must not pass for a run.
 */
export function readOrder(event: unknown): BreakerEvent | undefined {
  if (typeof event !== "object" || event === null || !("breaker" in event)) return undefined;
  const { success, data } = z.safeParse(order, event);
  if (!success) {
    throw new Error('The order is neither {"breaker": "open", "reason": "…"} nor {"breaker": "close"}.');
  }
  return data.breaker === "open"
    ? { kind: "operator-opened", reason: data.reason ?? "opened by hand" }
    : { kind: "operator-closed" };
}
