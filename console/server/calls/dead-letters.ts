import type { Message } from "@aws-sdk/client-sqs";
import { causesOf } from "../../../cli/dlq/causes.ts";
import { readEvent } from "../../../cli/dlq/dead-letter.ts";
import { indented, type Payload, payloadFields, payloadOf } from "../../../cli/dlq/payload.ts";
import type { Environment } from "../../../cli/environment/environment.ts";
import { CommandError } from "../../../contract/command-error.ts";
import { defined } from "../../../contract/defined.ts";
import { shortId } from "../../../contract/event/identity.ts";
import { visibleLines } from "../../../contract/plain-text.ts";
import type { Calls, Causes, DeadLetterDetail, DeadLetterPage } from "../../api.ts";
import { readWords } from "../act.ts";
import type { Snapshot } from "../snapshot.ts";
import { asCurl } from "./as-curl.ts";

const ROWS = 50;
const CAUSES = 50;
/** Enough of an id to tell events apart. */
const ID_CHARACTERS = 12;
/** Characters of an event that the page shows; `dlq show` has no such limit. */
const SHOWN_CHARACTERS = 100_000;

export function readCauses(snapshot: Snapshot, { filter }: Calls["causes"]["input"]): Causes {
  const chosen = choose(snapshot, filter);
  const causes = causesOf(chosen);
  return {
    at: snapshot.status.at ?? "",
    causes: causes.slice(0, CAUSES),
    more: Math.max(0, causes.length - CAUSES),
    chosen: chosen.length,
    lookedAt: snapshot.deadLetters.length,
  };
}

/** A page of those that a filter chooses, the one that died last first; past the last page, the last page. */
export function readPage(
  snapshot: Snapshot,
  { filter, page: wanted }: Calls["deadLetters"]["input"],
): DeadLetterPage {
  const chosen = choose(snapshot, filter);
  const pages = Math.max(1, Math.ceil(chosen.length / ROWS));
  const page = Math.min(wanted, pages - 1);
  return {
    at: snapshot.status.at ?? "",
    rows: chosen
      .slice(page * ROWS, (page + 1) * ROWS)
      .map((deadLetter) => ({ ...deadLetter, shortId: shortId(deadLetter.eventId, ID_CHARACTERS) })),
    page,
    pages,
    chosen: chosen.length,
    lookedAt: snapshot.deadLetters.length,
  };
}

function choose({ deadLetters }: Snapshot, filter: Calls["causes"]["input"]["filter"]) {
  const isChosen = readWords(filter);
  return isChosen === undefined ? deadLetters : deadLetters.filter(isChosen);
}

/** @throws {CommandError} where it is not there any more; what SQS and S3 throw */
export async function readDetail(
  snapshot: Snapshot,
  environment: Environment,
  id: string,
): Promise<DeadLetterDetail> {
  const [found] = await snapshot.find(id);
  if (found === undefined) {
    throw new CommandError(
      `There is no dead letter ${id} to be seen.`,
      "It may have been redriven since the list was made: look anew.",
    );
  }
  const { deadLetter, message } = found;
  const event = readEvent(message.Body ?? "");
  const payload = event && (await payloadOf(event, environment));
  const bytes = payload && "bytes" in payload ? payload.bytes : undefined;
  const curl = event && bytes ? asCurl(event, bytes, (deadLetter.attempts ?? 0) + 1) : undefined;
  return { deadLetter, envelope: envelopeOf(message), payload: shown(payload), ...defined({ curl }) };
}

function shown(payload: Payload | undefined): DeadLetterDetail["payload"] {
  if (payload === undefined) return { absent: "The message is no envelope: it stands below as it is." };
  if ("absent" in payload) return payload;
  const { bytes } = payload;
  const fields = payloadFields(bytes);
  if (!("payload" in fields))
    return { absent: `${bytes.length} bytes that are no text: dlq show --raw gives them.` };
  const text = visibleLines(indented(fields.payload));
  const cut = text.length > SHOWN_CHARACTERS;
  return { text: cut ? text.slice(0, SHOWN_CHARACTERS) : text, bytes: bytes.length, cut };
}

/** The message but for its payload, which is shown by itself, and with SQS's attributes. */
function envelopeOf({ Body: body = "", MessageAttributes: attributes = {} }: Message): string {
  const texts = Object.entries(attributes).map(([name, value]) => [name, value.StringValue ?? "(bytes)"]);
  const document = { attributes: Object.fromEntries(texts), ...withoutPayload(body) };
  return visibleLines(JSON.stringify(document, null, 2)).slice(0, SHOWN_CHARACTERS);
}

function withoutPayload(body: string): object {
  try {
    const envelope: unknown = JSON.parse(body);
    if (typeof envelope !== "object" || envelope === null) return { body };
    const { payload: _, ...rest } = envelope as { payload?: unknown };
    return rest;
  } catch {
    return { body };
  }
}
