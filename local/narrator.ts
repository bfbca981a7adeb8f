import { createHash } from "node:crypto";
import type { EventHappening, Happening } from "./happenings.ts";

/** Colours, or none of them: `picocolors`. */
export interface Colours {
  readonly dim: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly red: (text: string) => string;
}

/** One line for what happened, for a person who watches; nothing where there is nothing to tell. */
export function narrate(happening: Happening, at: Date, colours: Colours): string | undefined {
  const told = tell(happening, colours);
  if (told === undefined) return undefined;
  return `${colours.dim(at.toTimeString().slice(0, 8))}  ${told}`;
}

function tell(happening: Happening, colours: Colours): string | undefined {
  switch (happening.kind) {
    case "event":
      return `${short(happening.eventId)}  ${tellEvent(happening, colours)}`;
    case "batch":
      return undefined; // its events speak for themselves
    case "function-error":
      return `${short(undefined)}  ${colours.red(`${happening.functionName} failed: ${happening.errorType}`)}`;
    case "trouble":
      return `${short(undefined)}  ${colours.yellow(`${happening.where}: ${happening.errorName}, going on`)}`;
  }
}

function tellEvent({ what, fields }: EventHappening, { green, yellow, red }: Colours): string {
  const say = (key: string) => {
    const value = fields[key] ?? undefined;
    return value === undefined ? undefined : String(value);
  };
  const status = say("status") === undefined ? "" : ` (${say("status")})`;
  const because = say("reason") === undefined ? "" : `: ${say("reason")}`;
  switch (what) {
    case "accepted":
      return green(`accepted  ${[say("source"), say("event_type")].filter(Boolean).join(" ")}`);
    case "delivered":
      return green(`delivered  on attempt ${say("attempt") ?? "?"}`);
    case "retryLater": {
      const seconds = say("next_attempt_seconds");
      const when = seconds === undefined ? "later" : seconds === "0" ? "at once" : `in ${seconds} s`;
      return yellow(
        status === "" ? `failed${because} Trying again ${when}` : `refused${status}, trying again ${when}`,
      );
    }
    case "deadLettered":
      return red(`dead letter  ${say("class") ?? ""}${status}${because}`);
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
      return yellow(`${fields["message"]}${because}`);
  }
}

/** Enough of an id to follow one event; ids that are no hash are hashed, for they often begin alike. */
function short(id: string | undefined): string {
  if (id === undefined) return "-".padEnd(8);
  return (/^[0-9a-f]{64}$/.test(id) ? id : createHash("sha256").update(id).digest("hex")).slice(0, 8);
}
