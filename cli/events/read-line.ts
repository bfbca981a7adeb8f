import { defined } from "../../contract/defined.ts";
import { sourceOfId } from "../../contract/event/identity.ts";
import { deferReasons, FIRST_ATTEMPT } from "../../contract/log-fields.ts";
import { logMessages } from "../../contract/log-messages.ts";
import { isJsonObject, type JsonObject, text } from "../../contract/sources/source.ts";
import type { LogLine } from "./log-source.ts";
import { type EventStep, type RedrivenBy, type Step, type StepKind, stepKinds } from "./step.ts";

/** A line that is longer tells of no event: nothing in ours is that long. */
const MOST_CHARACTERS = 20_000;

/** What each phrase says of an event. A phrase that is not here says nothing that a history needs. */
const kinds: Readonly<Record<string, StepKind | undefined>> = {
  [logMessages.accepted]: "accepted",
  [logMessages.spilled]: "spilled",
  [logMessages.malformed]: "dead",
  [logMessages.delivered]: "delivered",
  [logMessages.duplicate]: "duplicate",
  [logMessages.deferred]: "deferred",
  [logMessages.inProgress]: "deferred",
  [logMessages.notReached]: "deferred",
  [logMessages.requeued]: "failed",
  [logMessages.retryLater]: "failed",
  [logMessages.deadLetterFailed]: "failed",
  [logMessages.deadLettered]: "dead",
  [logMessages.redriven]: "redriven",
  [logMessages.parked]: "parked",
  [logMessages.broughtBack]: "brought-back",
  [logMessages.requeuedSpilled]: "requeued",
  [logMessages.otherBytes]: "told",
  [logMessages.otherIntegration]: "told",
  [logMessages.old]: "told",
};

/**
 * What a function's line says of an event: nothing where it is about none, cut in the middle, or somebody else's. Two
 * steps where an event was delivered under another one's id: it is a repetition, and both are told.
 */
export function readLine({ function: name, text: line }: LogLine): EventStep[] {
  if (!line.startsWith("{") || line.length > MOST_CHARACTERS || !line.includes('"event_id"')) return [];
  const fields = parsed(line);
  if (fields === undefined) return [];
  const id = text(fields["event_id"]);
  const message = text(fields["message"]);
  const writtenAt = Date.parse(text(fields["timestamp"]) ?? "");
  const kind = kindOf(message, fields);
  if (id === undefined || message === undefined || Number.isNaN(writtenAt) || kind === undefined) return [];
  const at = whenOf(kind, writtenAt, fields);
  const step: Step = {
    at,
    kind,
    function: name,
    message,
    ...defined({
      attempt: number(fields["attempt"]) ?? (kind === "delivered" ? FIRST_ATTEMPT : undefined),
      status: number(fields["status"]),
      durationMilliseconds: number(fields["duration_ms"]),
      because: becauseOf(message, fields),
      pauseSeconds: number(fields["next_attempt_seconds"]),
      class: kind === "delivered" ? undefined : text(fields["class"]),
      reason: text(fields["reason"]) ?? text(fields["error"]),
      redrives: number(fields["redrives"]),
      by: redriverOf(kind, fields),
      requestId: text(fields["request_id"]),
      deadLetter: fields["dead_letter"] === true ? (true as const) : undefined,
    }),
  };
  const about = defined({
    source: text(fields["source"]) ?? sourceOfId(id),
    type: text(fields["event_type"]),
    conversation: text(fields["conversation_id"]),
    // Where a delivered event's line does not say, it is late by a minute at most, and an earlier time of another line counts.
    receivedAt: text(fields["received_at"]) ?? (isArrival(kind) || kind === "delivered" ? at : undefined),
  });
  const ids = new Set([id, text(fields["accepted_as"]) ?? id]);
  return [...ids].map((id) => ({ event: { id, ...about }, step }));
}

function parsed(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function kindOf(message: string | undefined, fields: JsonObject): StepKind | undefined {
  const kind = Object.hasOwn(kinds, message ?? "") ? kinds[message ?? ""] : undefined;
  // The line before it has said that it was spilled, and is the whole truth.
  if (kind === "accepted" && fields["spilled"] === true) return undefined;
  return kind === "failed" && "deferred" in fields ? "deferred" : kind;
}

/** An event came before it was durable. */
function whenOf(kind: StepKind, writtenAt: number, fields: JsonObject): string {
  const before = isArrival(kind) ? (number(fields["duration_ms"]) ?? 0) : 0;
  const at = new Date(writtenAt - before);
  return (Number.isNaN(at.getTime()) ? new Date(writtenAt) : at).toISOString();
}

function isArrival(kind: StepKind): boolean {
  return stepKinds.indexOf(kind) <= stepKinds.indexOf("spilled");
}

function becauseOf(message: string, fields: JsonObject): Step["because"] {
  const given = deferReasons.find((each) => each === fields["deferred"]);
  if (given !== undefined) return given;
  if (message === logMessages.deferred) return "breaker-open";
  if (message === logMessages.notReached) return "no-time";
  return message === logMessages.inProgress ? "in-progress" : undefined;
}

function redriverOf(kind: StepKind, fields: JsonObject): RedrivenBy | undefined {
  if (kind === "redriven") return "recovery";
  const by = fields["redriven_by"];
  return by === "recovery" || by === "operator" || by === "unknown" ? by : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
