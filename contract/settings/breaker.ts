import { number } from "./number.ts";

export const breaker = {
  /** Different events that have to fail in a row at least, whichever processor tried them. @default 5 */
  failingEvents: number({
    default: 5,
    minimum: 2,
    maximum: 1_000,
    unit: "events",
    source: "this pipeline",
  }),
  /** Seconds until the first probe, a few waiting events that are tried; doubles with every probe that fails. @default 60 */
  probeBaseSeconds: number({
    default: 60,
    minimum: 1,
    maximum: 3_600,
    unit: "s",
    source: "this pipeline",
  }),
  /** Seconds; shorter than the queue keeps the events that wait. @default 900 */
  probeCapSeconds: number({
    default: 900,
    minimum: 1,
    maximum: 86_400,
    unit: "s",
    source: "this pipeline",
  }),
  /** Seconds without a failure after which half-open counts as closed. @default 120 */
  settleSeconds: number({
    default: 120,
    minimum: 1,
    maximum: 86_400,
    unit: "s",
    source: "this pipeline",
  }),
};
