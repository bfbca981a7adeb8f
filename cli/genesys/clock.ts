import { setTimeout as sleep } from "node:timers/promises";

/** Time as the client needs it; a test has its own. Milliseconds. */
export interface Clock {
  now(): number;
  /** @throws {DOMException} AbortError once `signal` says so */
  pause(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  pause: (milliseconds, signal) => sleep(milliseconds, undefined, signal ? { signal } : {}),
};
