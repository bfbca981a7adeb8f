import type { Message } from "@aws-sdk/client-sqs";
import type { Command } from "commander";
import { CommandError, UsageError } from "../../../contract/command-error.ts";
import { oneLine, visibleLines } from "../../../contract/plain-text.ts";
import { act } from "../../act.ts";
import type { Context } from "../../context.ts";
import { type DeadLetter, readEvent } from "../../dlq/dead-letter.ts";
import { hasId } from "../../dlq/filter.ts";
import { look } from "../../dlq/look.ts";
import { indented, type Payload, payloadFields, payloadOf } from "../../dlq/payload.ts";
import { withExamples } from "../../examples.ts";

interface Shown {
  readonly deadLetter: DeadLetter;
  readonly message: Message;
  /** `undefined`: no envelope. */
  readonly payload: Payload | undefined;
}

export function addShow(dlq: Command): void {
  withExamples(
    dlq
      .command("show")
      .description("shows one dead letter with its event, claim-checked or not")
      .argument("<id>", "its event id or SQS message id, or how that begins")
      .option("--raw", "nothing but the event's bytes, as Genesys signed them")
      .action(
        act<{ raw?: boolean }>(async (context, { raw }, id = "") => {
          const found = await find(context, id);
          if (raw) return writeRaw(context, found);
          await context.output.results(found.map(document), () => found.map(describe).join("\n\n"));
        }),
      ),
    "genesys-dlq dlq show 3f1c9a7be204",
    "genesys-dlq dlq show 3f1c9a7be204 --raw > event.json",
    "genesys-dlq dlq show 3f1c9a7be204 --json | jq .payload",
  );
}

/** The dead letters of one event: it may have died more than once. */
async function find(context: Context, id: string): Promise<Shown[]> {
  const messages = new Map<DeadLetter, Message>();
  const { deadLetters } = await look(
    context,
    (deadLetter) => hasId(deadLetter, id),
    (message, deadLetter) => void messages.set(deadLetter, message),
  );
  const events = new Set(deadLetters.map(({ eventId }) => eventId));
  if (events.size > 1) {
    throw new UsageError(
      `${events.size} events have an id that begins with ${id}.`,
      `Give more of it: ${named([...events])}`,
    );
  }
  if (deadLetters.length === 0) {
    throw new CommandError(
      `There is no dead letter ${id} to be seen.`,
      "genesys-dlq dlq list shows those that there are; it may have been redriven.",
    );
  }
  const environment = await context.environment();
  return Promise.all(
    deadLetters.map(async (deadLetter) => {
      const message = messages.get(deadLetter) ?? {};
      const event = readEvent(message.Body ?? "");
      return { deadLetter, message, payload: event && (await payloadOf(event, environment)) };
    }),
  );
}

/** Longer than any reason and any id that a sender gives in earnest. */
const FACT_CHARACTERS = 2_000;

function named(events: readonly string[]): string {
  const some = events.slice(0, 5).map((id) => oneLine(id));
  return `${some.join(", ")}${events.length > some.length ? ", …" : ""}`;
}

function document({ deadLetter, message, payload }: Shown): unknown {
  const fields =
    payload && ("bytes" in payload ? payloadFields(payload.bytes) : { noPayload: payload.absent });
  return { ...deadLetter, body: message.Body, ...fields };
}

function describe({ deadLetter, message, payload }: Shown): string {
  const facts = Object.entries({
    event: deadLetter.eventId,
    message: deadLetter.messageId,
    why: `${deadLetter.class}${deadLetter.status === undefined ? "" : ` (${deadLetter.status})`}: ${deadLetter.reason}`,
    attempts: `${deadLetter.attempts ?? "unknown"}, over ${deadLetter.redrives} redrives`,
    received: deadLetter.receivedAt,
    "first tried": deadLetter.firstAttemptAt,
    died: deadLetter.diedAt,
    source: deadLetter.source,
    type: deadLetter.eventType,
    conversation: deadLetter.conversationId,
  }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name.padEnd(13)} ${oneLine(value, FACT_CHARACTERS)}`],
  );
  return [...facts, "", visibleLines(eventText(message, payload))].join("\n");
}

function eventText({ Body: body = "" }: Message, payload: Payload | undefined): string {
  if (payload === undefined) return `(no envelope; the message:)\n${body}`;
  if ("absent" in payload) return `(${payload.absent})`;
  const { bytes } = payload;
  const fields = payloadFields(bytes);
  if (!("payload" in fields)) return `(${bytes.length} bytes that are no text; --raw gives them)`;
  return indented(fields.payload);
}

async function writeRaw({ output }: Context, found: readonly Shown[]): Promise<void> {
  const [shown] = found;
  const { payload = { absent: "The message is no envelope." } } = shown ?? {};
  if ("absent" in payload) {
    throw new CommandError(
      `There are no bytes to give. ${payload.absent}`,
      "Without --raw it shows what there is.",
    );
  }
  await output.write(payload.bytes);
}
