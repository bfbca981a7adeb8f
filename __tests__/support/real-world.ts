import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { performance } from "node:perf_hooks";
import timers from "node:timers";
import timersPromises from "node:timers/promises";

const found = new Map<string, number>();
let isWatching = false;

/** Notes a use of what is not the simulation's: real time, real chance. */
function note(name: string): void {
  if (!isWatching) return;
  const at = new Error("use").stack?.split("\n")[3]?.trim() ?? "";
  found.set(`${name} ${at}`, (found.get(`${name} ${at}`) ?? 0) + 1);
}

function watch<T extends object>(name: string, owner: T, method: keyof T & string): void {
  const real = owner[method] as (...given: unknown[]) => unknown;
  const watched = (...given: unknown[]) => {
    note(`${name}.${method}`);
    return real.apply(owner, given);
  };
  Object.defineProperty(owner, method, {
    value: Object.assign(watched, real),
    configurable: true,
    writable: true,
  });
}

const RealDate = Date;

/** Whoever has kept the process's own clock from before the run. */
class WatchedDate extends RealDate {
  constructor(...given: unknown[]) {
    super(...(given as [number]));
    if (given.length === 0) note("new Date()");
  }
  static override now(): number {
    note("Date.now");
    return RealDate.now();
  }
}

/** To be called before anything is loaded that may keep one of them. */
export function watchRealWorld(): void {
  for (const method of ["randomUUID", "randomBytes", "randomInt"] as const) watch("crypto", crypto, method);
  watch("crypto.webcrypto", crypto.webcrypto, "randomUUID");
  watch("crypto.webcrypto", crypto.webcrypto, "getRandomValues");
  watch("performance", performance, "now");
  watch("process", process, "hrtime");
  watch("process", process, "uptime");
  watch("Math", Math, "random");
  for (const method of ["setTimeout", "setInterval", "setImmediate"] as const) {
    watch("timers", timers, method);
    watch("timers/promises", timersPromises, method);
    watch("global", globalThis, method);
  }
  globalThis.Date = WatchedDate as DateConstructor;
  syncBuiltinESMExports();
}

/** @returns what was used of the real world while `work` ran, with the place that did */
export async function usesOfRealWorld(work: () => Promise<unknown>): Promise<string[]> {
  found.clear();
  isWatching = true;
  try {
    await work();
  } finally {
    isWatching = false;
  }
  return [...found].map(([use, times]) => `${use}: ${times}`);
}
