import { oneLine } from "../../contract/plain-text.ts";
import type { Context } from "../context.ts";
import { readBreaker } from "./status.ts";

/** Says before a redrive into a breaker that is not closed that the events will wait. */
export async function tellOfOpenBreaker({ environment, output }: Context): Promise<void> {
  const { status, reason } = await readBreaker(await environment());
  if (status === "closed") return;
  const why = reason === "" ? "" : `: ${oneLine(reason, 500)}`;
  output.note(
    `The breaker is ${status}${why}\nRedriven events wait on the queue until deliveries succeed again.`,
  );
}
