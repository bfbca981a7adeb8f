import { defined } from "../defined.ts";
import { type Advice, adviceFor } from "./advice.ts";
import {
  DOLLARS_A_PARKED_EVENT,
  dollarsAnEvent,
  IDLE_DOLLARS_A_MONTH,
  SECONDS_A_MONTH,
  usualBatch,
} from "./bill.ts";
import type { Limit } from "./limits.ts";
import type { Outlook, Question } from "./outlook.ts";
import { outlookOf } from "./outlook.ts";
import { type Point, timelineOf } from "./timeline.ts";

/** What an outage would do. Times are seconds since it began; money is US dollars at list prices. */
export interface Forecast {
  readonly question: Question;
  readonly outlook: Outlook;
  /** In the order of time. */
  readonly limits: readonly Limit[];
  readonly deadLetters: number;
  readonly dollars: {
    /** What came in the outage and was delivered after it, moves to the bucket included. */
    readonly outage: number;
    /** A month at this rate without one, all of the environment included. */
    readonly month: number;
  };
  /** The one setting that would help most; absent where none does. */
  readonly advice?: Advice;
  readonly timeline: readonly Point[];
}

/** A forecast by a model that `simulation/forecasts.ts` holds to the simulation within a tenth. Docs: docs/forecast.md */
export function forecast(question: Question): Forecast {
  const outlook = outlookOf(question);
  const { settings, ratePerSecond, destination, eventBytes, refusedShare } = question;
  const cost = (batchEvents: number) =>
    dollarsAnEvent(settings, { bytes: eventBytes, latencySeconds: destination.latencySeconds, batchEvents });
  const { capacity } = outlook.flow;
  return {
    question,
    outlook,
    limits: outlook.limits,
    // An outage makes none: it is no event's fault. What is refused for itself is one, outage or not.
    deadLetters: Math.round(refusedShare * outlook.backlog),
    dollars: {
      outage: outlook.backlog * cost(capacity.batchEvents) + outlook.parked * DOLLARS_A_PARKED_EVENT,
      month:
        IDLE_DOLLARS_A_MONTH + SECONDS_A_MONTH * ratePerSecond * cost(usualBatch(ratePerSecond, capacity)),
    },
    ...defined({ advice: adviceFor(question, outlook) }),
    timeline: timelineOf(outlook.flow),
  };
}
