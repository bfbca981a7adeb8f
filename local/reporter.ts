import { readAlarmText, toLocalCommand } from "../contract/alarm-text.ts";
import { shortId, sourceOfId } from "../contract/event/identity.ts";
import { FIRST_ATTEMPT } from "../contract/log-fields.ts";
import { oneLine } from "../contract/plain-text.ts";
import { fated } from "../contract/samples/fated.ts";
import type { FunctionRunEvent, RunEvent } from "./run-events.ts";

/** Colours, or none of them: `picocolors`. */
export interface Colours {
  readonly dim: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly red: (text: string) => string;
}

/**
 * One line for what happened, for a person who watches; nothing where there is nothing to tell.
 *
 * @param data the folder of a run that keeps its data somewhere else than in the project: commands have to name it
 */
export function report(runEvent: RunEvent, at: Date, colours: Colours, data?: string): string | undefined {
  const message = describe(runEvent, colours, data);
  if (message === undefined) return undefined;
  return `${colours.dim(at.toTimeString().slice(0, 8))}  ${message}`;
}

function describe(runEvent: RunEvent, colours: Colours, data: string | undefined): string | undefined {
  switch (runEvent.kind) {
    case "event": {
      const message = describeEvent(runEvent, colours);
      return message === undefined ? undefined : `${short(runEvent.eventId)}  ${message}`;
    }
    case "batch":
      return undefined; // its events speak for themselves
    case "bus": {
      const { eventId, detailType, rules } = runEvent;
      const message =
        rules.length > 0
          ? colours.green(`accepted  eventbridge ${plain(detailType)}`)
          : colours.yellow(`no rule takes it  eventbridge ${plain(detailType)}`);
      return `${short(eventId)}  ${message}`;
    }
    case "mapping": {
      const message = runEvent.enabled ? "queue is consumed again" : "queue is not consumed, its events wait";
      return `${short(undefined)}  ${colours.yellow(`the ${message}`)}`;
    }
    case "function-error":
      return `${short(undefined)}  ${colours.red(`${runEvent.functionName} failed: ${describeError(runEvent)}`)}`;
    case "handler-failed":
      return `${short(runEvent.eventId)}  ${colours.red(`handler failed: ${describeError(runEvent)}`)}`;
    case "code": {
      const names = runEvent.functionNames.join(", ");
      const message =
        names === "" ? "saved: the functions' code is the same" : `changed code runs from now on: ${names}`;
      return `${short(undefined)}  ${colours.dim(message)}`;
    }
    case "code-refused":
      return `${short(undefined)}  ${colours.red(`${plain(runEvent.reason)}`)}`;
    case "alarm": {
      const { name, inAlarm, description } = runEvent;
      const [happened = ""] = /^[^.]*\./.exec(description) ?? [];
      const { runFirst } = readAlarmText(description) ?? {};
      const command = runFirst === undefined ? "" : ` Run first: ${toLocalCommand(runFirst, data)}`;
      const message = inAlarm
        ? colours.red(`alarm  ${name}: ${happened}${command}`)
        : colours.green(`all clear  ${name}`);
      return `${short(undefined)}  ${message}`;
    }
    case "notice":
      return `${short(undefined)}  ${colours.yellow(`notice  ${plain(runEvent.text)}`)}`;
    case "denied": {
      const { caller } = runEvent;
      const [action, resource] = [runEvent.action, runEvent.resource].map((text) => plain(text));
      return `${short(undefined)}  ${colours.red(`permission missing  ${caller} may not ${action} on ${resource}`)}`;
    }
    case "trouble":
      return `${short(undefined)}  ${colours.yellow(`${runEvent.where}: ${plain(runEvent.errorName)}, going on`)}`;
  }
}

interface ThrownError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly at?: string;
}

function describeError({ errorType, errorMessage, at }: ThrownError): string {
  const message = errorMessage === "" ? "" : `: ${plain(errorMessage)}`;
  return `${plain(errorType)}${message}${at === undefined ? "" : ` at ${at}`}`;
}

function describeEvent(
  { what, fields, eventId = "" }: FunctionRunEvent,
  { green, yellow, red }: Colours,
): string | undefined {
  const say = (key: string) => {
    const value = fields[key] ?? undefined;
    return value === undefined ? undefined : plain(String(value));
  };
  const status = say("status") === undefined ? "" : ` (${say("status")})`;
  const because = say("reason") === undefined ? "" : `: ${say("reason")}`;
  const seconds = say("next_attempt_seconds");
  const when = seconds === undefined ? "later" : seconds === "0" ? "at once" : `in ${seconds} s`;
  switch (what) {
    case "accepted":
      return green(`accepted  ${[sourceOfId(eventId), say("event_type")].filter(Boolean).join(" ")}`);
    case "delivered":
      return green(`delivered  on attempt ${say("attempt") ?? FIRST_ATTEMPT}`);
    case "retryLater":
      return yellow(
        status === "" ? `failed${because} Trying again ${when}` : `refused${status}, trying again ${when}`,
      );
    case "duplicate":
      return green("duplicate  delivered before, not sent again");
    case "deferred":
      return yellow(`deferred  the breaker is open, looking again ${when}`);
    case "inProgress":
      return yellow(`another invocation is delivering it, looking again ${when}`);
    case "notReached":
      return yellow("put back on the queue: the invocation that had it ran out of time");
    case "requeued":
      return because === ""
        ? yellow(`put back on the queue, its receives uncounted: looking again ${when}`)
        : yellow(
            status === ""
              ? `failed${because} Sent anew, trying again ${when}`
              : `refused${status}, sent anew, trying again ${when}`,
          );
    case "breakerOpened":
      return red(`breaker open${because}`);
    case "breakerClosed":
      return green(`breaker closed${because}`);
    case "probeFailed":
      return yellow(`probe failed: ${say("probe") ?? say("reason") ?? "it is not known why"}`);
    case "nothingToProbe":
      return yellow("no event waits to probe with: the next one tells");
    case "notConsumed":
      return red(`the queue is not consumed: ${say("problem") ?? "it is not known why"}`);
    case "probeSucceeded":
      return green("probe succeeded, deliveries resume");
    case "recovered":
      return describeRecovery(fields, green);
    case "deadLettered":
      return fields["event_type"] === fated.eventType
        ? yellow(`dead letter  ${say("class") ?? ""}${status}${because} This sample is meant to end so.`)
        : red(`dead letter  ${say("class") ?? ""}${status}${because}`);
    case "redriven":
      return green("redriven  by recovery");
    case "parked":
      return yellow("parked in the overflow bucket, before its queue would delete it");
    case "broughtBack":
      return green("brought back from the overflow bucket");
    case "requeuedSpilled":
      return green("spilled before, and on its queue now");
    case "malformed":
      return red(`dead letter  malformed${because}`);
    case "rejected":
      return yellow(`request refused${status}${because}`);
    case "spilled":
      return yellow("accepted, and spilled to the overflow bucket: the queue did not take it");
    case "notStored":
      return red("not stored, and not acknowledged: neither queue nor bucket took it");
    case "deadLetterFailed":
      return red(`the dead-letter queue did not take it, trying again later${because}`);
    default:
      return yellow(`${say("message")}${because}`);
  }
}

/** A run that found all well and nothing to bring back is no news. */
function describeRecovery(fields: FunctionRunEvent["fields"], paint: Colours["green"]): string | undefined {
  const breaker = fields["breaker"] === "closed" ? [] : [`breaker ${plain(String(fields["breaker"]))}`];
  const spilled =
    fields["requeued"] === 0
      ? []
      : [`spilled events back on the queue: ${plain(String(fields["requeued"]))}`];
  const deadLetters =
    fields["redriven"] === 0 ? [] : [`dead letters redriven: ${plain(String(fields["redriven"]))}`];
  const news = [...breaker, ...spilled, ...deadLetters];
  return news.length === 0 ? undefined : paint(`recovery  ${news.join(", ")}`);
}

/** Most of it is told by strangers: senders, destinations, code that runs. */
function plain(text: string): string {
  return oneLine(text, TEXT_CHARACTERS);
}

const TEXT_CHARACTERS = 160;
const ID_CHARACTERS = 8;

function short(id: string | undefined): string {
  return id === undefined ? "-".padEnd(ID_CHARACTERS) : shortId(id, ID_CHARACTERS);
}
