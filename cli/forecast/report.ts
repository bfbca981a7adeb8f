import type { Forecast } from "../../contract/forecast/forecast.ts";
import type { Limit } from "../../contract/forecast/limits.ts";
import { count, span } from "../../contract/forecast/words.ts";
import type { Output } from "../output.ts";

/** A forecast as a table of two columns, and what would help most under it. */
export function report(forecast: Forecast, title: string, output: Output): string {
  const { question } = forecast;
  const { latencySeconds, perSecond } = question.destination;
  const rate = perSecond === undefined ? "" : `, ${perSecond} a second at most`;
  const head = [
    `Forecast for ${title}`,
    `${question.ratePerSecond} events a second, ${span(question.outageSeconds)} of outage; the destination answers within ${Math.round(latencySeconds * 1_000)} ms${rate}.`,
  ];
  const table = output.table(["WHAT", "FORECAST"], rowsOf(forecast), { wrap: true });
  return [head.join("\n"), table, adviceOf(forecast)].join("\n\n");
}

/** What, and how much of it. */
export function rowsOf({
  outlook,
  question,
  limits,
  deadLetters,
  dollars,
}: Forecast): (readonly [what: string, told: string])[] {
  const { backlog, parked, wait, flow, drainSeconds, longestWaitSeconds, oldestSeconds } = outlook;
  const { capacity } = flow;
  const [first, ...others] = limits;
  const by = {
    settings: "as many as the settings allow",
    pace: "held there by processor.deliveriesPerSecond",
    destination: "as many as the destination takes",
    timeout: "each times out: destination.timeoutSeconds",
  }[capacity.by];
  return [
    [
      "backlog",
      `${count(backlog)} events${parked > 0 ? `, ${count(parked)} of them parked in the bucket` : ""}`,
    ],
    ["oldest event", `${span(oldestSeconds)} as deliveries go on`],
    [
      "first delivery",
      `${span(wait.typicalSeconds)} after the destination is back, at most ${span(wait.mostSeconds)}`,
    ],
    ["deliveries", `${Number(capacity.perSecond.toPrecision(3))} a second, ${by}`],
    [
      "time to drain",
      drainSeconds === undefined || longestWaitSeconds === undefined
        ? "never: fewer are delivered than come"
        : `${span(drainSeconds)}; all is delivered ${span(longestWaitSeconds)} after it began`,
    ],
    ["first limit", first === undefined ? "none is reached" : limitWords(first)],
    ...others.map((limit) => ["then", limitWords(limit)] as const),
    [
      "dead letters",
      deadLetters === 0 && question.refusedShare === 0
        ? "0: an outage is no event's fault"
        : `${count(deadLetters)}: the destination turns them down, outage or not`,
    ],
    [
      "cost",
      `${money(dollars.outage)} for the events of the outage; ${money(dollars.month)} a month without an outage`,
    ],
  ];
}

function limitWords({ at, text }: Limit): string {
  return `${at === 0 ? "at once" : `after ${span(at)}`}: ${text}`;
}

/** In a sentence. */
export function adviceOf({ advice: best, outlook }: Forecast): string {
  if (best === undefined)
    return outlook.flow.capacity.by === "destination"
      ? "No setting helps much: the destination itself is the limit."
      : "No setting helps much.";
  const { setting, from, to, effect, recoverySeconds } = best;
  const { before = 0, after = 0 } = recoverySeconds;
  const words = {
    "loses-nothing": "nothing is lost",
    drains: `the backlog is gone ${span(after)} after the destination is back`,
    "recovers-sooner": `the backlog is gone ${span(after)} after the destination is back, not ${span(before)}`,
    "parks-nothing": "nothing has to be parked",
  }[effect];
  return `What would help most: ${setting} ${to} in place of ${from}: ${words}.`;
}

const money = (dollars: number) =>
  `$${dollars < 100 ? dollars.toFixed(2) : Math.round(dollars).toLocaleString("en")}`;
