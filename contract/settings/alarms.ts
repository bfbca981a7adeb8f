import * as z from "zod/mini";
import { number } from "./number.ts";

export const alarms = {
  /** Dead letters, visible and in flight, from which the alarm goes off. @default 1 */
  deadLetters: number({
    default: 1,
    minimum: 1,
    maximum: 1_000_000,
    unit: "dead letters",
    source: "this pipeline",
  }),
  /**
   * Dead letters that come within five minutes, beside others that have lain there for ten, from which another alarm
   * goes off. @default 10
   */
  newDeadLetters: number({
    default: 10,
    minimum: 1,
    maximum: 1_000_000,
    unit: "dead letters in five minutes",
    source: "this pipeline",
  }),
  /** Seconds that an event may wait for its delivery. @default 900 */
  oldestEventSeconds: number({
    default: 900,
    minimum: 1,
    maximum: 345_600,
    unit: "s",
    source: "this pipeline",
  }),
  /** Requests answered 401 within five minutes, from which the alarm goes off. @default 20 */
  unauthorizedRequests: number({
    default: 20,
    minimum: 1,
    maximum: 1_000_000,
    unit: "requests in five minutes",
    source: "this pipeline",
  }),
  /** E-mail addresses that hear of it; each has to confirm once. @default [] */
  notify: z._default(z.array(z.email("must be an e-mail address")), []),
};
