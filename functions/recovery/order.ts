import * as z from "zod/mini";
import type { BreakerEvent } from "../../contract/breaker.ts";
import { aliasIn, OPERATOR_ALIAS } from "../../contract/operator-alias.ts";

/** What a person may ask of recovery: `{"breaker": "open", "reason": "maintenance"}` or `{"breaker": "close"}`. */
const order = z.discriminatedUnion("breaker", [
  z.strictObject({ breaker: z.literal("open"), reason: z.optional(z.string().check(z.maxLength(500))) }),
  z.strictObject({ breaker: z.literal("close") }),
]);

/**
 * The order in an invocation's event; `undefined` for the schedule's events and the processor's calls.
 *
 * @param invokedArn the ARN that the invocation named: an order comes by the operators' alias
 * @throws {Error} when it speaks of the breaker, but comes from nobody who may order, or asks for something else: a
 * typo must not pass for a run.
 */
export function readOrder(event: unknown, invokedArn: string): BreakerEvent | undefined {
  if (typeof event !== "object" || event === null || !("breaker" in event)) return undefined;
  if (aliasIn(invokedArn) !== OPERATOR_ALIAS) {
    throw new Error(`Orders are taken by recovery's alias "${OPERATOR_ALIAS}" alone.`);
  }
  const { success, data } = z.safeParse(order, event);
  if (!success) {
    throw new Error('The order is neither {"breaker": "open", "reason": "…"} nor {"breaker": "close"}.');
  }
  return data.breaker === "open"
    ? { kind: "operator-opened", reason: data.reason ?? "opened by hand" }
    : { kind: "operator-closed" };
}
