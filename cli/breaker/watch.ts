import { exitCodes } from "../../contract/exit-codes.ts";
import { oneLine } from "../../contract/plain-text.ts";
import type { Context } from "../context.ts";
import { attributesOf, numberIn } from "../doctor/queue-facts.ts";
import { pause } from "../pause.ts";
import { readBreaker } from "./status.ts";

/** How long a breaker that was closed is watched: what waits is tried within seconds. */
const WATCH_MILLISECONDS = 10_000;
const LOOK_MILLISECONDS = 500;
const COUNTS = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
];

/**
 * Watches for some seconds whether a breaker that a person has closed stays so. Where nothing waits it has nothing to
 * open for.
 *
 * @returns the exit code
 */
export async function watchClosed({ environment, output, signal }: Context): Promise<number> {
  const found = await environment();
  const attributes = await attributesOf(found, found.outputs.queueUrl);
  if (COUNTS.every((name) => numberIn(attributes, name) === 0)) return exitCodes.done;
  const until = Date.now() + WATCH_MILLISECONDS;
  while (Date.now() < until) {
    await pause(LOOK_MILLISECONDS, signal);
    signal.throwIfAborted();
    const { status, reason } = await readBreaker(found);
    if (status === "closed") continue;
    output.note(
      `It has opened again, since deliveries still fail: ${oneLine(reason, 500)} Recovery closes it when they succeed.`,
    );
    return exitCodes.attention;
  }
  return exitCodes.done;
}
