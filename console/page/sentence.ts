import { visible } from "../../contract/plain-text.ts";
import type { Calls, QueueState } from "../api.ts";
import { clock, counted, duration, percent } from "./format.ts";

type Breaker = Calls["breaker"]["output"];

/** How the pipeline is, for somebody who has been woken: one sentence, and what else he needs to know. */
export interface Sentence {
  readonly tone: "good" | "busy" | "bad";
  readonly headline: string;
  readonly details: readonly string[];
}

const REASON_CHARACTERS = 300;

export function sentenceOf(breaker: Breaker, queue: QueueState | undefined, now: number): Sentence {
  const details = [attempts(breaker), backlog(breaker, queue, now)].filter((text) => text !== undefined);
  return { ...headlineOf(breaker, queue, now), details: [...probes(breaker, now), ...details] };
}

function headlineOf(
  breaker: Breaker,
  queue: QueueState | undefined,
  now: number,
): Pick<Sentence, "tone" | "headline"> {
  const { status, by, since, reason, mapping, mappingReason = "", held } = breaker;
  const when = clock(since, new Date(now));
  const why = reason === "" ? "" : `: ${shortened(reason)}`;
  if (status === "open") {
    return by === "operator"
      ? { tone: "bad", headline: `Stopped by a person since ${when}${why}` }
      : { tone: "bad", headline: `Held back since ${when}${why}` };
  }
  if (mappingReason.startsWith("PROBLEM")) {
    return { tone: "bad", headline: `The queue is not read: ${shortened(mappingReason)}` };
  }
  if (mapping.startsWith("Disabl") && !held) {
    return { tone: "bad", headline: "Stopped: somebody has switched the event source mapping off" };
  }
  if (status === "half-open") {
    return { tone: "busy", headline: `Trying again since ${when}: a few events go out` };
  }
  const waits = queue !== undefined && inQueue(queue) > 0;
  return waits && share(breaker) < 0.5
    ? { tone: "busy", headline: "Delivering, and most attempts fail" }
    : { tone: "good", headline: "Delivering" };
}

function share({ types }: Breaker): number {
  const { succeeded, all } = sum(types);
  return all === 0 ? 1 : succeeded / all;
}

function sum(types: Breaker["types"]): { succeeded: number; all: number } {
  const succeeded = types.reduce((sum, type) => sum + type.succeeded, 0);
  return { succeeded, all: types.reduce((sum, type) => sum + type.failed + type.refused, succeeded) };
}

function attempts({ types }: Breaker): string | undefined {
  const { succeeded, all } = sum(types);
  return all === 0
    ? undefined
    : `${percent(succeeded / all)} of the last ${counted(all, "attempt")} succeeded.`;
}

/** How long the oldest event that waits has waited since it was received, as far as anybody knows. */
export function oldestSeconds(
  { oldestReceivedAt }: Breaker,
  queue: QueueState | undefined,
  now: number,
): number | undefined {
  const known = [
    queue?.oldestSeconds,
    oldestReceivedAt === undefined ? undefined : (now - Date.parse(oldestReceivedAt)) / 1_000,
  ].filter((age) => age !== undefined);
  return known.length === 0 || (queue && inQueue(queue) === 0) ? undefined : Math.max(...known);
}

export function inQueue({ waiting, inFlight, delayed }: QueueState): number {
  return waiting + inFlight + delayed;
}

function backlog(breaker: Breaker, queue: QueueState | undefined, now: number): string | undefined {
  if (queue === undefined) return undefined;
  const all = inQueue(queue);
  if (all === 0) return "No event waits.";
  const age = oldestSeconds(breaker, queue, now);
  const since = age === undefined ? "" : `, the oldest for ${duration(age)} since it was received`;
  return `${counted(all, "event waits", "events wait")}${since}.`;
}

function probes({ status, by, nextProbeAt, lastProbe }: Breaker, now: number): string[] {
  if (status !== "open") return [];
  if (by === "operator") return ["Events wait until somebody closes the breaker."];
  const seconds = nextProbeAt === undefined ? 0 : (Date.parse(nextProbeAt) - now) / 1_000;
  return [
    seconds > 0 ? `A few events try again in ${duration(seconds)}.` : "A few events try again now.",
    ...(lastProbe === undefined ? [] : [`The last try failed at ${clock(lastProbe.at, new Date(now))}.`]),
  ];
}

function shortened(text: string): string {
  const shown = visible(text);
  return shown.length > REASON_CHARACTERS ? `${shown.slice(0, REASON_CHARACTERS)}…` : shown;
}
