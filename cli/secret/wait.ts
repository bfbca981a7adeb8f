import { Interrupted } from "../../contract/command-error.ts";
import type { Context } from "../context.ts";
import { pause } from "../pause.ts";
import { Progress } from "../progress.ts";

const TICK_MILLISECONDS = 1_000;

/**
 * Waits, and shows how long still; says so once where there is no terminal to show it on.
 *
 * @param until milliseconds, as `Date.now` gives them
 * @throws {Interrupted} with what to do next
 */
export async function waitUntil(
  until: number,
  what: string,
  { output, signal }: Pick<Context, "output" | "signal">,
): Promise<void> {
  const seconds = (milliseconds: number) => Math.max(0, Math.ceil(milliseconds / 1_000));
  const total = seconds(until - Date.now());
  if (!process.stderr.isTTY && total > 2) output.note(`Waiting for ${total} s, ${what}.`);
  const progress = new Progress(`seconds ${what}`, total);
  try {
    for (let left = until - Date.now(); left > 0; left = until - Date.now()) {
      progress.update(total - seconds(left));
      await pause(Math.min(left, TICK_MILLISECONDS), signal);
      if (!signal.aborted) continue;
      throw new Interrupted(
        "Interrupted.",
        "Nothing is refused meanwhile; the same command goes on from here.",
      );
    }
  } finally {
    progress.stop();
  }
}
