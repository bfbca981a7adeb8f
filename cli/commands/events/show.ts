import type { Command } from "commander";
import { CommandError, UsageError } from "../../../contract/command-error.ts";
import { shortId } from "../../../contract/event/identity.ts";
import { SHORT_ID_CHARACTERS } from "../../../contract/log-fields.ts";
import { oneLine } from "../../../contract/plain-text.ts";
import { act } from "../../act.ts";
import type { Context } from "../../context.ts";
import type { DeadLetter } from "../../dlq/dead-letter.ts";
import { readMoment } from "../../dlq/times.ts";
import { findEvents } from "../../events/find.ts";
import type { EventHistory, Next } from "../../events/history.ts";
import type { LogSource, TimeRange } from "../../events/log-source.ts";
import { logsOf } from "../../events/logs-of.ts";
import { lookAtPresent, nextNow, type Present } from "../../events/present.ts";
import { describeLook, describeOutcome, describeStep } from "../../events/words.ts";
import { withExamples } from "../../examples.ts";

const FACT_CHARACTERS = 400;
/** Candidates that are named where a beginning fits many. */
const MOST_NAMED = 10;

export function addShow(events: Command): void {
  withExamples(
    events
      .command("show")
      .description("shows one event's way from receipt to delivery, and what happens next")
      .argument("<id>", "its id, its first characters, its Idempotency-Key, or how that begins")
      .option("--since <time>", "look no further back: 2026-11-24T08:00Z, or 90m, 2h, 3d ago", (text) =>
        readMoment(text),
      )
      .action(act<{ since?: Date }>((context, { since }, id = "") => show(context, id.trim(), since))),
    "genesys-dlq events show 3f1c9a7b",
    "genesys-dlq events show 'data-action!1b4e28ba' --since 2d --environment production",
    "genesys-dlq events show 3f1c9a7b --json | jq .history.steps",
  );
}

async function show(context: Context, id: string, since: Date | undefined): Promise<void> {
  if (id === "") throw new UsageError("No id is given.", "genesys-dlq events list shows events with theirs.");
  const source = logsOf(await context.environment());
  const { histories, range } = await findEvents(source, id, {
    since: since?.getTime(),
    signal: context.signal,
  });
  const [history, ...others] = histories;
  if (others.length > 0) throw ambiguous(id, histories);
  const present = await lookAtPresent(context, id, history);
  if (history === undefined && present.deadLetters.length === 0) throw unknown(id, range, source);
  const next = history && nextNow(history, present, Date.now());
  await context.output.result(document(history, next, present, range, source), () =>
    describe(context, history, next, present),
  );
  context.output.note(describeLook(source));
}

function document(
  history: EventHistory | undefined,
  next: Next | undefined,
  { deadLetters, breaker }: Present,
  { from, to }: TimeRange,
  { cost }: LogSource,
): unknown {
  return {
    history: history && { ...history, next },
    deadLetters,
    breaker: breaker && { status: breaker.status, by: breaker.by, nextProbeAt: breaker.nextProbeAt },
    look: { since: new Date(from).toISOString(), until: new Date(to).toISOString(), ...cost },
  };
}

function describe(
  { output }: Context,
  history: EventHistory | undefined,
  next: Next | undefined,
  { deadLetters }: Present,
): string {
  const dead = deadLetters.map(describeDeadLetter);
  if (history === undefined) return ["The log knows no such event, but there is:", ...dead].join("\n");
  const { event, steps, omitted } = history;
  const facts = Object.entries({
    event: event.id,
    "short id": shortId(event.id, SHORT_ID_CHARACTERS),
    source: event.source,
    type: event.type,
    conversation: event.conversation,
    received: event.receivedAt,
    outcome: describeOutcome(history),
  }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name.padEnd(13)} ${oneLine(value, FACT_CHARACTERS)}`],
  );
  const rows = steps.map((step) => [
    step.at.replace("T", " "),
    `${step.inferred ? "before this: " : ""}${describeStep(step)}`,
  ]);
  const way = output.table(["AT", "WHAT"], rows, { wrap: true });
  const left = omitted > 0 ? [`(${omitted} steps in the middle are left out)`] : [];
  return [...facts, "", way, ...left, "", ...dead, `next          ${next?.sentence ?? ""}`].join("\n");
}

function describeDeadLetter({ class: reasonClass, status, reason, diedAt, redrives }: DeadLetter): string {
  const answered = status === undefined ? "" : ` (${status})`;
  const text = `now a dead letter since ${diedAt}: ${reasonClass}${answered}, ${redrives} redrives: ${reason}`;
  return oneLine(text, FACT_CHARACTERS);
}

function ambiguous(id: string, histories: readonly EventHistory[]): UsageError {
  const some = histories
    .slice(0, MOST_NAMED)
    .map(({ event }) => `${shortId(event.id, SHORT_ID_CHARACTERS)} (${oneLine(event.id, 100)})`);
  const more = histories.length > some.length ? `, and ${histories.length - some.length} more` : "";
  return new UsageError(
    `${histories.length} events have an id that begins with ${oneLine(id, 100)}.`,
    `Give more of it: ${some.join(", ")}${more}`,
  );
}

function unknown(id: string, { from }: TimeRange, source: LogSource): CommandError {
  const since = from <= 0 ? "in all that there is" : `since ${new Date(from).toISOString()}`;
  return new CommandError(
    `No event ${oneLine(id, 100)} is known: neither the log ${since} nor the dead letters have it.`,
    `${describeLook(source)} genesys-dlq events list shows the events that there are.`,
  );
}
