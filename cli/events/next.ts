import { shortId } from "../../contract/event/identity.ts";
import { SHORT_ID_CHARACTERS } from "../../contract/log-fields.ts";
import type { Next, Outcome } from "./history.ts";
import type { Step } from "./step.ts";

/**
 * What happens next to an event, as far as its own log tells.
 *
 * @param way oldest first
 */
export function nextOf(id: string, way: readonly Step[], outcome: Outcome): Next {
  switch (outcome) {
    case "delivered":
    case "duplicate":
      return { what: "nothing", sentence: "Nothing: it is delivered." };
    case "spilled":
      return {
        what: "recovery",
        sentence: "Recovery puts it on the queue within a minute of the queue taking it.",
      };
    case "parked":
      return { what: "recovery", sentence: "Recovery brings it back when deliveries succeed." };
    case "dead":
      return nextOfDead(id, way);
    case "waiting":
      return nextAttempt(way.findLast(({ kind }) => kind !== "told"));
  }
}

function nextOfDead(id: string, way: readonly Step[]): Next {
  const { class: reasonClass } = way.findLast(({ kind }) => kind === "dead") ?? {};
  const command = `genesys-dlq dlq redrive --id ${shortId(id, SHORT_ID_CHARACTERS)}`;
  if (reasonClass === "exhausted" || reasonClass === undefined) {
    return {
      what: "recovery",
      sentence: `Recovery redrives it a few times while deliveries succeed; then it waits for a person: ${command}`,
    };
  }
  return { what: "person", sentence: `It waits for a person: ${command}` };
}

function nextAttempt(last: Step | undefined): Next {
  if (last?.kind === "deferred" && (last.because ?? "breaker-open") === "breaker-open") {
    return { what: "probe", sentence: "The breaker was open: it is tried when deliveries succeed again." };
  }
  if (last?.kind !== "failed" && last?.kind !== "deferred") {
    return { what: "attempt", sentence: "The processor tries it as soon as it comes to it." };
  }
  const { at, pauseSeconds } = last;
  if (pauseSeconds === undefined) {
    return { what: "attempt", sentence: "It is tried again when the queue shows it again, within minutes." };
  }
  const when = new Date(Date.parse(at) + pauseSeconds * 1_000).toISOString();
  return { what: "attempt", at: when, sentence: `It is tried again at ${when}, or soon after.` };
}
