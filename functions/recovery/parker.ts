import type { Message } from "@aws-sdk/client-sqs";
import { readEnvelope } from "../../contract/event/read-envelope.ts";
import { logMessages } from "../../contract/log-messages.ts";
import { toRecord } from "../../contract/message-record.ts";
import type { ParkedKind } from "../../contract/parked.ts";
import { storeParked } from "../../contract/parked-objects.ts";
import { deleteMessages, MESSAGES_PER_CALL } from "../../contract/queue-batch.ts";
import { renewClaimCheck } from "./claim-checks.ts";
import { chunksOf, inLanes } from "./lanes.ts";
import { LANES, type Run } from "./run.ts";
import { tellMoved } from "./tell-moved.ts";

/** Messages of one object: a run that is killed while it brings one back sends no more than that twice. */
const MOST_MESSAGES = 500;
const MOST_BYTES = 4 * 1024 * 1024;

type Shelf = { messages: Message[]; bytes: number };

/**
 * Moves messages from one queue to the bucket, many to an object. Stored first, deleted after: killed in between, a
 * run leaves an event in both, under one id.
 */
export class Parker {
  readonly #run: Run;
  readonly #queueUrl: string;
  readonly #shelves = new Map<ParkedKind, Shelf>();
  parked = 0;

  constructor(run: Run, queueUrl: string) {
    this.#run = run;
    this.#queueUrl = queueUrl;
  }

  /** Takes a received message; it is stored when an object is full. @throws what S3 throws */
  async add(kind: ParkedKind, message: Message): Promise<void> {
    const shelf = this.#shelves.get(kind) ?? { messages: [], bytes: 0 };
    this.#shelves.set(kind, shelf);
    shelf.messages.push(message);
    shelf.bytes += message.Body?.length ?? 0;
    if (shelf.messages.length >= MOST_MESSAGES || shelf.bytes >= MOST_BYTES) await this.#store(kind);
  }

  /** Stores what is left. @throws what S3 throws */
  async finish(): Promise<void> {
    for (const kind of this.#shelves.keys()) await this.#store(kind);
  }

  async #store(kind: ParkedKind): Promise<void> {
    const { messages } = this.#shelves.get(kind) ?? { messages: [] };
    this.#shelves.delete(kind); // those who come meanwhile begin the next object
    if (messages.length === 0) return;
    const { objects, settings, sqs, now } = this.#run;
    const bucket = settings.overflowBucket;
    const parts = chunksOf(messages, MESSAGES_PER_CALL);
    const renewing = [...parts];
    await inLanes(LANES, async () => {
      const part = renewing.pop();
      for (const { Body = "" } of part ?? []) await renewClaimCheck(objects, bucket, Body, now());
      return part !== undefined;
    });
    const oldest = oldestOf(messages, now());
    await storeParked(objects.client, bucket, { kind, oldest }, messages.map(toRecord));
    this.parked += messages.length;
    tellMoved(
      this.#run.logger,
      logMessages.parked,
      messages.map(({ Body: body = "", MessageAttributes: attributes }) => ({ body, attributes })),
      kind === "events" ? {} : { dead_letter: true },
    );
    await inLanes(LANES, async () => {
      const part = parts.pop();
      const handles = (part ?? []).map(({ ReceiptHandle = "" }) => ReceiptHandle);
      await deleteMessages(sqs, this.#queueUrl, handles); // one that stays is parked once more
      return part !== undefined;
    });
  }
}

function oldestOf(messages: readonly Message[], now: Date): Date {
  const times = messages.map(receivedAt).filter((time) => !Number.isNaN(time));
  return new Date(Math.min(now.getTime(), ...times));
}

/** When the event came, or at least when its message was sent: milliseconds since 1970. */
function receivedAt(message: Message): number {
  const sentAt = sentTimestamp(message);
  try {
    const received = Date.parse(readEnvelope(message.Body ?? "").receivedAt ?? "");
    return Number.isNaN(received) ? sentAt : received;
  } catch {
    return sentAt; // it is no envelope
  }
}

/** Milliseconds since 1970; NaN where SQS did not say. */
export function sentTimestamp({ Attributes }: Message): number {
  return Number(Attributes?.SentTimestamp ?? Number.NaN);
}
