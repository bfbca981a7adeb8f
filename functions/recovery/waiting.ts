import type { Message } from "@aws-sdk/client-sqs";
import { defined } from "../../contract/defined.ts";
import { deleteMessages, receiveMessages, sendMessages } from "../../contract/queue-batch.ts";
import { isDue } from "./dead-letters.ts";
import { inLanes } from "./lanes.ts";
import type { Memory } from "./memory.ts";
import { Parker, sentTimestamp } from "./parker.ts";
import type { QueueCount } from "./queue-room.ts";
import { LANES, nothingDone, type Run, type StepResult } from "./run.ts";

/** An approximate count that says "empty" twice in a row, a minute between, is believed. */
const EMPTY_RUNS = 2;
/** While nothing in the queue is old, its age is looked at so often: 48 times within half of its retention. */
const LOOKS = 48;
/** So many receives one after the other without an old message end the parking. */
const YOUNG_RECEIVES = 3;

/**
 * Parks what has waited on the main queue for half of its retention, for whatever reason: the breaker is open, the
 * mapping was switched off, the processor does not keep up.
 *
 * SQS does not tell how old its oldest message is: its metric leaves out what was received three times, and a receive
 * counts against the redrive policy. But whatever lies in a queue has come since it was last empty; only where that
 * is too long ago are messages received. What was received is never just shown again: it is parked, or sent anew.
 *
 * docs/decisions/0016-park-before-a-retention-ends.md
 *
 * @throws what SQS or S3 throw; what was received comes back by itself
 */
export async function parkWaiting(run: Run, count: QueueCount): Promise<StepResult> {
  const { memory, settings } = run;
  const now = run.now();
  const known = noteCount(memory.queue, count, now);
  memory.queue = known;
  if (known.emptyRuns > 0 || count.visible === 0) return nothingDone;
  const mayBeOld = known.emptyAt === undefined || isDue(known.emptyAt, settings.queueRetentionSeconds, now);
  if (!mayBeOld) memory.queue = withoutOldest(known);
  if (!mayBeOld || (known.lookAt !== undefined && now.getTime() < known.lookAt)) return nothingDone;
  const lookAt = now.getTime() + (settings.queueRetentionSeconds * 1_000) / (2 * LOOKS);
  // Before the look: while the bucket refuses, each costs the oldest messages a receive, and one a minute would use
  // them up.
  memory.queue = { ...known, lookAt };
  const parking = new Parking(run);
  try {
    await parking.all();
  } catch (error) {
    // SQS's own age is silent for what is received again and again: the alarm gets it from here.
    memory.queue = { ...memory.queue, ...defined({ oldestSentAt: parking.oldestSentAt }) };
    throw error;
  }
  memory.queue = withoutOldest(parking.more ? known : memory.queue);
  return { moved: parking.parked, more: parking.more };
}

/** What is known of the queue after another count. */
export function noteCount(
  before: Memory["queue"],
  { visible, others }: QueueCount,
  now: Date,
): NonNullable<Memory["queue"]> {
  if (visible + others > 0) return { ...before, emptyRuns: 0 };
  const emptyRuns = Math.min(EMPTY_RUNS, (before?.emptyRuns ?? 0) + 1);
  if (emptyRuns < EMPTY_RUNS) return { ...before, emptyRuns };
  // It has been empty: whatever was old is gone.
  // Written once an hour at most: a minute more or less says nothing about days.
  const recent = before?.emptyAt !== undefined && now.getTime() - before.emptyAt < 3_600_000;
  return withoutOldest({ ...before, emptyRuns, emptyAt: recent ? before.emptyAt : now.getTime() });
}

function withoutOldest(queue: NonNullable<Memory["queue"]>): NonNullable<Memory["queue"]> {
  const { oldestSentAt: _, ...rest } = queue;
  return rest;
}

class Parking {
  readonly #run: Run;
  readonly #parker: Parker;
  #sinceOld = 0;
  more = false;
  /** Of all that it has received and found too old: milliseconds since 1970. */
  oldestSentAt: number | undefined;

  constructor(run: Run) {
    this.#run = run;
    this.#parker = new Parker(run, run.settings.queueUrl);
  }

  get parked(): number {
    return this.#parker.parked;
  }

  async all(): Promise<void> {
    const first = await this.#receive();
    if (!first.some((message) => this.#isOld(message))) return this.#sendAnew(first);
    await this.#park(first);
    await inLanes(LANES, async () => {
      if (!this.#run.timeLeft()) {
        this.more = true;
        return false;
      }
      const messages = await this.#receive();
      this.#sinceOld = messages.some((message) => this.#isOld(message)) ? 0 : this.#sinceOld + 1;
      await this.#park(messages);
      return messages.length > 0 && this.#sinceOld < YOUNG_RECEIVES * LANES;
    });
    await this.#parker.finish();
  }

  #receive(): Promise<Message[]> {
    const { sqs, settings } = this.#run;
    return receiveMessages(sqs, settings.queueUrl, { hideSeconds: settings.timeoutSeconds });
  }

  #isOld(message: Message): boolean {
    const sentAt = sentTimestamp(message);
    if (!isDue(sentAt, this.#run.settings.queueRetentionSeconds, this.#run.now())) return false;
    this.oldestSentAt = Math.min(sentAt, this.oldestSentAt ?? sentAt);
    return true;
  }

  /** The young ones too, which are among the old ones: they come back with them, and their receive costs nothing. */
  async #park(messages: readonly Message[]): Promise<void> {
    for (const message of messages) await this.#parker.add("events", message);
  }

  /** Copies first, deletes after: the look has cost no receive then. */
  async #sendAnew(messages: readonly Message[]): Promise<void> {
    const { sqs, settings } = this.#run;
    const copies = messages.map(({ Body = "", MessageAttributes = {} }) => ({
      body: Body,
      attributes: MessageAttributes,
    }));
    const outcomes = await sendMessages(sqs, settings.queueUrl, copies);
    const sent = messages.filter((_, index) => outcomes[index]?.kind === "sent");
    const handles = sent.map(({ ReceiptHandle = "" }) => ReceiptHandle);
    await deleteMessages(sqs, settings.queueUrl, handles);
  }
}
