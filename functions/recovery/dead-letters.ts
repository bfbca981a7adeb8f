import type { Message } from "@aws-sdk/client-sqs";
import { showAgain } from "../../contract/dead-letter-queue.ts";
import { defined } from "../../contract/defined.ts";
import { classOf, deadLetterAttributes } from "../../contract/event/dead-letter.ts";
import { deleteMessages, receiveMessages } from "../../contract/queue-batch.ts";
import { renewClaimCheck } from "./claim-checks.ts";
import { newDeadLetters, noteDeadLetters } from "./dead-letter-count.ts";
import { chunksOf, inLanes } from "./lanes.ts";
import type { Memory } from "./memory.ts";
import { Parker, sentTimestamp } from "./parker.ts";
import { countMessages } from "./queue-room.ts";
import { LANES, nothingDone, type Run, type StepResult } from "./run.ts";
import { sendRedriven } from "./send-redriven.ts";

export interface DeadLettersResult extends StepResult {
  readonly redriven: number;
  readonly parked: number;
  /** Since the last run, beside others. */
  readonly fresh: number;
  /** When the oldest on the queue was sent, as far as was seen: milliseconds since 1970. */
  readonly oldestSentAt?: number;
}

/** The count is approximate, and one may come as another goes: look at all of them now and then. */
const LOOK_AGAIN_MILLISECONDS = 1_800_000;
/**
 * So many stay on the queue, where any tool sees them. Those beyond are parked: SQS cannot be asked for the others
 * alone, so every look for what may be redriven would have to go through all of them.
 */
export const MOST_LEFT_ON_QUEUE = 1_000;

/**
 * Goes once through the dead-letter queue, when it may hold something to do: what deserves another chance goes back
 * to the main queue while the breaker is closed; what would expire, and what is too much, is parked; the rest is
 * shown again.
 *
 * @throws what SQS or S3 throw, after showing again what it holds
 */
export async function tendDeadLetters(run: Run): Promise<DeadLettersResult> {
  const { sqs, settings, memory, now } = run;
  const mayRedrive = await run.isClosed();
  const { visible, others } = await countMessages(sqs, settings.deadLetterQueueUrl);
  const startedAt = now().getTime();
  const [before, count] = [memory.deadLetterCount, visible + others];
  const fresh = newDeadLetters(before, count, startedAt);
  const note = (parked: number) => {
    const noted = noteDeadLetters(before, count, parked, startedAt);
    if (noted === undefined) Reflect.deleteProperty(memory, "deadLetterCount");
    else memory.deadLetterCount = noted;
  };
  note(0); // a look that fails has counted them all the same
  const oldest = () => (count === 0 ? {} : defined({ oldestSentAt: memory.deadLetters?.oldestSentAt }));
  if (!isWorthALook(visible, memory.deadLetters, mayRedrive, settings.deadLetterRetentionSeconds, now()))
    return { ...nothingDone, redriven: 0, parked: 0, fresh, ...oldest() };
  const look = new Look(run);
  await look.all();
  note(look.parked);
  // What was parked or could not be looked at is not counted there: the next run sees the queue's count differ.
  if (look.complete) memory.deadLetters = { at: startedAt, ...look.left };
  return {
    redriven: look.redriven,
    parked: look.parked,
    fresh,
    ...oldest(),
    moved: look.redriven + look.parked,
    more: !look.complete,
  };
}

/** Whether so many dead letters can hold one that the last whole look did not see, or whose time has come. */
export function isWorthALook(
  count: number,
  last: Memory["deadLetters"],
  mayRedrive: boolean,
  retentionSeconds: number,
  now: Date,
): boolean {
  if (count === 0) return false;
  if (last === undefined) return true;
  const expires = last.oldestSentAt !== undefined && isDue(last.oldestSentAt, retentionSeconds, now);
  if (expires || now.getTime() - last.at >= LOOK_AGAIN_MILLISECONDS) return true;
  return mayRedrive ? count !== last.left || last.redrivable > 0 : count > MOST_LEFT_ON_QUEUE;
}

/** Whether half of its time on a queue is over: it is moved then, and half is left for moving it. */
export function isDue(sentAt: number, retentionSeconds: number, now: Date): boolean {
  return now.getTime() - sentAt >= (retentionSeconds * 1_000) / 2;
}

/** One look at the whole queue. */
class Look {
  readonly #run: Run;
  readonly #parker: Parker;
  /** Those that stay, by message id. */
  readonly #left = new Map<string, Message>();
  #redrivable = 0;
  redriven = 0;
  complete = true;

  constructor(run: Run) {
    this.#run = run;
    this.#parker = new Parker(run, run.settings.deadLetterQueueUrl);
  }

  get parked(): number {
    return this.#parker.parked;
  }

  get left(): Omit<NonNullable<Memory["deadLetters"]>, "at"> {
    const times = [...this.#left.values()].map(sentTimestamp).filter((time) => !Number.isNaN(time));
    const left = { left: this.#left.size, redrivable: this.#redrivable };
    return times.length === 0 ? left : { ...left, oldestSentAt: Math.min(...times) };
  }

  async all(): Promise<void> {
    const { sqs, settings, timeLeft, isClosed } = this.#run;
    try {
      await inLanes(LANES, async () => {
        if (!timeLeft()) {
          this.complete = false;
          return false;
        }
        const mayRedrive = await isClosed();
        const messages = await receiveMessages(sqs, settings.deadLetterQueueUrl, {
          hideSeconds: settings.timeoutSeconds,
        });
        await this.#tend(messages, mayRedrive);
        return messages.length > 0;
      });
      await this.#parker.finish();
    } finally {
      const handles = [...this.#left.values()].map(({ ReceiptHandle = "" }) => ReceiptHandle);
      await showAgain(sqs, settings.deadLetterQueueUrl, handles);
    }
  }

  async #tend(messages: readonly Message[], mayRedrive: boolean): Promise<void> {
    const { settings, now, aside } = this.#run;
    const redrive: Message[] = [];
    for (const message of messages) {
      const { MessageId: id = "" } = message;
      const redrivable = deservesAnotherChance(message, settings.redrive.maxRedrives);
      if (redrivable && mayRedrive && !aside.has(id)) redrive.push(message);
      else if (this.#mayStay(message, now())) this.#leave(message, redrivable);
      else await this.#parker.add(redrivable ? "redrivable" : "dead-letters", message);
    }
    await this.#redrive(redrive);
  }

  #mayStay(message: Message, now: Date): boolean {
    const sentAt = sentTimestamp(message);
    if (isDue(sentAt, this.#run.settings.deadLetterRetentionSeconds, now)) return false;
    return this.#left.size < MOST_LEFT_ON_QUEUE || this.#left.has(message.MessageId ?? "");
  }

  #leave(message: Message, redrivable: boolean): void {
    if (redrivable && !this.#left.has(message.MessageId ?? "")) this.#redrivable++;
    this.#left.set(message.MessageId ?? "", message);
  }

  async #redrive(messages: readonly Message[]): Promise<void> {
    const { pace, timeLeft, isClosed } = this.#run;
    const chunks = chunksOf(messages, pace.atOnce);
    for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) {
      await pace.take(chunk.length);
      if (timeLeft() && (await isClosed())) {
        await this.#redriveNow(chunk);
        continue;
      }
      for (const message of [chunk, ...chunks].flat()) this.#leave(message, true);
      this.complete = false;
      return;
    }
  }

  /** Sent first, deleted after: killed in between, a run leaves one event on both queues, under one id. */
  async #redriveNow(messages: readonly Message[]): Promise<void> {
    const { sqs, settings, objects, aside, now } = this.#run;
    for (const { Body = "" } of messages)
      await renewClaimCheck(objects, settings.overflowBucket, Body, now());
    const outcomes = await sendRedriven(this.#run, messages);
    const sent = messages.filter((_, index) => outcomes[index]?.kind === "sent");
    messages.forEach((message, index) => {
      const outcome = outcomes[index];
      if (outcome === undefined || outcome.kind === "sent") return;
      this.#leave(message, true);
      if (outcome.kind === "refused")
        aside.put(message.MessageId ?? "", "SQS does not take a dead letter as it is", outcome.error);
    });
    const handles = sent.map(({ ReceiptHandle = "" }) => ReceiptHandle);
    const undeleted = await deleteMessages(sqs, settings.deadLetterQueueUrl, handles);
    for (const [index, error] of undeleted)
      aside.put(sent[index]?.MessageId ?? "", "A dead letter was redriven, but cannot be deleted", error);
    this.redriven += sent.length - undeleted.size;
    const failed = outcomes.find((outcome) => outcome.kind === "failed");
    if (failed !== undefined) throw failed.error;
  }
}

/**
 * `exhausted` met an outage. No class at all means that SQS moved it after crashes or timeouts of the
 * processor, or that EventBridge could not put it on the queue: an unknown error, and that means "again". The
 * others would only fail the same way.
 */
function deservesAnotherChance(message: Message, maxRedrives: number): boolean {
  const { MessageAttributes: attributes = {}, Attributes: system = {} } = message;
  const reason = classOf(attributes, system);
  const redrives = Number(attributes[deadLetterAttributes.redrives]?.StringValue ?? 0);
  return (reason === undefined || reason === "exhausted") && redrives < maxRedrives;
}
