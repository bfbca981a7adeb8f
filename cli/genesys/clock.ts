import { setTimeout as sleep } from "node:timers/promises";
import { defined } from "../../contract/defined.ts";

/** Time as the client needs it; a test has its own. Milliseconds. */
export interface Clock {
  now(): number;
  /** @throws the signal's reason, once it is aborted */
  pause(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  async pause(milliseconds, signal) {
    await sleep(milliseconds, undefined, defined({ signal })).catch(() => {});
    signal?.throwIfAborted();
  },
};
