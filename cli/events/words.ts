import type { DeferReason } from "../../contract/log-fields.ts";
import { oneLine } from "../../contract/plain-text.ts";
import { counted } from "../counted.ts";
import { duration } from "../doctor/words.ts";
import type { EventHistory } from "./history.ts";
import type { LogSource } from "./log-source.ts";
import type { RedrivenBy, Step } from "./step.ts";

const REASON_CHARACTERS = 300;

const redrivers: Readonly<Record<RedrivenBy, string>> = {
  recovery: "recovery",
  operator: "a person, with genesys-dlq",
  unknown: "a person or another tool",
};

const becauses: Readonly<Record<DeferReason, string>> = {
  "breaker-open": "the breaker is open",
  "in-progress": "another invocation is at it",
  "no-time": "the invocation that had it ran out of time",
};

/** What happened, as one line for a person. */
export function describeStep(step: Step): string {
  const { kind, attempt, durationMilliseconds: took } = step;
  const status = step.status === undefined ? "" : ` (${step.status})`;
  const within = took === undefined ? "" : ` after ${milliseconds(took)}`;
  const why = step.reason === undefined ? "" : `: ${oneLine(step.reason, REASON_CHARACTERS)}`;
  switch (kind) {
    case "accepted":
      return `accepted${took === undefined ? "" : `, durable within ${milliseconds(took)}`}`;
    case "spilled":
      return `accepted, and spilled to the overflow bucket${why}`;
    case "requeued":
      return step.deadLetter
        ? "from the overflow bucket to the dead-letter queue"
        : "from the overflow bucket to the queue";
    case "deferred":
      return `deferred, since ${becauses[step.because ?? "breaker-open"]}${again(step)}`;
    case "failed":
      return `attempt ${attempt ?? "?"} failed${status}${within}${again(step)}${why}`;
    case "delivered":
      return `delivered${status}${within}, on attempt ${attempt ?? "?"}`;
    case "duplicate":
      return "duplicate: delivered before, not sent again";
    case "dead":
      return `dead letter, ${step.class ?? "of an unknown class"}${status}${within}${why}`;
    case "redriven":
      return `redriven by ${redrivers[step.by ?? "unknown"]}`;
    case "parked":
      return `parked in the overflow bucket${step.deadLetter ? ", as a dead letter" : ""}`;
    case "brought-back":
      return "brought back from the overflow bucket";
    case "told":
      return oneLine(step.message, REASON_CHARACTERS);
  }
}

function again({ pauseSeconds: pause }: Step): string {
  if (pause === undefined) return "";
  return pause === 0 ? ", again at once" : `, again in ${duration(pause)}`;
}

function milliseconds(count: number): string {
  return count < 10_000 ? `${Math.round(count)} ms` : `${(count / 1_000).toFixed(1)} s`;
}

/** `delivered, after 3 attempts` */
export function describeOutcome({ outcome, attempts, redrives }: EventHistory): string {
  const parts: string[] = [outcome];
  if (attempts > 0) parts.push(`after ${counted(attempts, "attempt")}`);
  if (redrives > 0) parts.push(`${counted(redrives, "redrive")}`);
  return parts.join(", ");
}

/** What a look has cost, and how late it may be. */
export function describeLook({ about, cost }: LogSource): string {
  if (cost === undefined) return about;
  const { bytesScanned, dollars } = cost;
  return `${about} ${size(bytesScanned)} were scanned, for about $${dollars.toFixed(dollars < 0.01 ? 5 : 2)}.`;
}

function size(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} KB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
