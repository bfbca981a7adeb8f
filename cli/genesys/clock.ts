import { pause } from "../pause.ts";

/** Time as the client needs it; a test has its own. Milliseconds. */
export interface Clock {
  now(): number;
  /** @throws the signal's reason, once it is aborted */
  pause(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  async pause(milliseconds, signal) {
    await pause(milliseconds, signal);
    signal?.throwIfAborted();
  },
};
