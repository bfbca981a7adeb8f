import { oneLine } from "../../contract/plain-text.ts";
import type { Context } from "../context.ts";
import { readBreaker } from "./status.ts";

/**
 * Says before a redrive into a breaker that is not closed that the events will wait. It is a hint: a state table or a
 * mapping that cannot be read holds up no redrive, which needs neither.
 */
export async function tellOfOpenBreaker({ environment, output }: Context): Promise<void> {
  const breaker = await readBreaker(await environment()).catch(() => undefined);
  if (breaker === undefined || breaker.status === "closed") return;
  const { status, reason } = breaker;
  const why = reason === "" ? "" : `: ${oneLine(reason, 500)}`;
  output.note(
    `The breaker is ${status}${why}\nRedriven events wait on the queue until deliveries succeed again.`,
  );
}
