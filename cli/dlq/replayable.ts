import type { Message } from "@aws-sdk/client-sqs";
import { CommandError } from "../../contract/command-error.ts";
import { readRecord, toMessage } from "../../contract/message-record.ts";
import type { Context } from "../context.ts";
import { type DeadLetter, readDeadLetter, readEvent } from "./dead-letter.ts";
import type { Filter } from "./filter.ts";
import { linesOf } from "./lines.ts";
import { look } from "./look.ts";
import { type Payload, payloadOf } from "./payload.ts";
import { type DeadLetterRecord, payloadOfRecord } from "./record.ts";
import type { Replay } from "./replay.ts";

/** Dead letters that were chosen, and the events of the first ones among them. */
export interface Replayable {
  readonly chosen: number;
  readonly lookedAt: number;
  readonly replays: readonly Replay[];
  /** Why one of the first ones has no event, by its id. */
  readonly absent: readonly { readonly eventId: string; readonly why: string }[];
}

interface Found {
  readonly deadLetter: DeadLetter;
  readonly message: Message;
  readonly record?: DeadLetterRecord;
}

/** Those on the queue or parked, the one that died last first. @throws what SQS or S3 throw */
export async function replayableOnQueue(
  context: Context,
  filter: Filter | undefined,
  limit: number,
): Promise<Replayable> {
  const messages = new Map<DeadLetter, Message>();
  const { deadLetters, lookedAt } = await look(context, filter, (message, deadLetter) => {
    messages.set(deadLetter, message);
  });
  const environment = await context.environment();
  const found = deadLetters.map((deadLetter) => ({ deadLetter, message: messages.get(deadLetter) ?? {} }));
  return readAll(found.reverse().slice(0, limit), found.length, lookedAt, (event) =>
    payloadOf(event, environment),
  );
}

/** Those of an export, in its order. @throws {CommandError} where a line is none that an export wrote */
export async function replayableInFile(
  file: string,
  filter: Filter | undefined,
  limit: number,
): Promise<Replayable> {
  const found: Found[] = [];
  let chosen = 0;
  let number = 0;
  let lookedAt = 0;
  for await (const line of await linesOf(file)) {
    number++;
    if (line.trim() === "") continue;
    const record = readRecord<DeadLetterRecord>(line);
    if (record === undefined) {
      throw new CommandError(
        `No export wrote line ${number} of ${file}.`,
        "genesys-dlq dlq export writes them.",
      );
    }
    lookedAt++;
    const message = toMessage(record);
    const deadLetter = readDeadLetter(message);
    if (filter !== undefined && !filter(deadLetter)) continue;
    chosen++;
    if (found.length < limit) found.push({ deadLetter, message, record });
  }
  return readAll(found, chosen, lookedAt, ({ body }, record) => {
    const bytes = "bytes" in body ? body.bytes : record && payloadOfRecord(record);
    return bytes === undefined
      ? { absent: "Its event lies in the overflow bucket, not in the file." }
      : { bytes };
  });
}

async function readAll(
  found: readonly Found[],
  chosen: number,
  lookedAt: number,
  payload: (event: Replay["event"], record?: DeadLetterRecord) => Promise<Payload> | Payload,
): Promise<Replayable> {
  const replays: Replay[] = [];
  const absent: { eventId: string; why: string }[] = [];
  for (const { deadLetter, message, record } of found) {
    const { eventId, attempts = 0 } = deadLetter;
    const event = readEvent(message.Body ?? "");
    const got =
      event === undefined ? { absent: "The message is no envelope." } : await payload(event, record);
    if (event === undefined || "absent" in got)
      absent.push({ eventId, why: "absent" in got ? got.absent : "" });
    else replays.push({ event, bytes: got.bytes, attempt: attempts + 1 });
  }
  return { chosen, lookedAt, replays, absent };
}
