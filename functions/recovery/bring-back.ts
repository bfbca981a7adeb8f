import { defined } from "../../contract/defined.ts";
import { logMessages } from "../../contract/log-messages.ts";
import { type MessageRecord, toMessage } from "../../contract/message-record.ts";
import { NotParkedError, type ParkedObject, parkedDeadLetters } from "../../contract/parked.ts";
import { deleteParked, listParked, readParkedObject, storeParked } from "../../contract/parked-objects.ts";
import { MESSAGES_PER_CALL, type OutgoingMessage, sendMessages } from "../../contract/queue-batch.ts";
import { isAboutTheObject } from "./aside.ts";
import { renewClaimCheck } from "./claim-checks.ts";
import { chunksOf, inLanes } from "./lanes.ts";
import { LANES, type Run, type StepResult } from "./run.ts";
import { sendRedriven } from "./send-redriven.ts";
import { tellMoved } from "./tell-moved.ts";

export interface BroughtBack extends StepResult {
  /** Dead letters in the bucket as the run began. */
  readonly deadLetters: number;
  /** When the oldest parked message was received. */
  readonly oldest?: Date;
  /** When the oldest parked event was received that is no dead letter. */
  readonly oldestEvent?: Date;
}

/**
 * Brings parked messages back while the breaker is closed: events and redrivable dead letters, oldest first. Sent
 * first, deleted after: a run that is killed in between sends one object's messages again, under the same ids.
 *
 * @throws what SQS or S3 throw of more than one object
 */
export async function bringBackParked(run: Run): Promise<BroughtBack> {
  const all = await listParked(run.objects.client, run.settings.overflowBucket);
  const dead = all.filter(({ kind }) => parkedDeadLetters.includes(kind));
  const deadLetters = dead.reduce((sum, { count }) => sum + count, 0);
  const oldest = oldestOf(all);
  const oldestEvent = oldestOf(all.filter(({ kind }) => kind === "events"));
  const about = { deadLetters, ...defined({ oldest, oldestEvent }) };
  const waiting = all.filter(({ kind, key }) => kind !== "dead-letters" && !run.aside.has(key));
  if (waiting.length === 0 || !(await run.isClosed())) return { ...about, moved: 0, more: false };
  const back = new BringBack(run);
  // Redrives have a pace: they must not hold up the others, nor those them.
  await Promise.all([
    back.all(waiting.filter(({ kind }) => kind === "events")),
    back.all(waiting.filter(({ kind }) => kind === "redrivable")),
  ]);
  return { ...about, moved: back.moved, more: back.more };
}

function oldestOf(objects: readonly ParkedObject[]): Date | undefined {
  const [oldest] = objects.map((object) => object.oldest).sort((a, b) => a.getTime() - b.getTime());
  return oldest;
}

class BringBack {
  readonly #run: Run;
  moved = 0;
  more = false;

  constructor(run: Run) {
    this.#run = run;
  }

  async all(objects: readonly ParkedObject[]): Promise<void> {
    const left = [...objects];
    await inLanes(LANES, async () => {
      const object = left.shift();
      if (object === undefined) return false;
      if (await this.#mayGoOn()) {
        await this.#bringBack(object);
        return true;
      }
      this.more ||= !this.#run.timeLeft();
      return false;
    });
  }

  async #mayGoOn(): Promise<boolean> {
    const { room, timeLeft, isClosed } = this.#run;
    return timeLeft() && !room.isFull && (await isClosed());
  }

  async #bringBack(object: ParkedObject): Promise<void> {
    const records = await this.#read(object);
    if (records === undefined) return;
    const { left, failed } = await this.#send(object, records);
    this.moved += records.length - left.length;
    // First what is left, then the whole: killed in between, some of it lies there twice.
    if (left.length > 0 && left.length < records.length) {
      const rest = await storeParked(
        this.#run.objects.client,
        this.#run.settings.overflowBucket,
        object,
        left,
      );
      this.#run.aside.rename(object.key, rest);
    }
    if (left.length < records.length) await this.#remove(object);
    if (failed !== undefined) throw failed;
  }

  async #read({ key }: ParkedObject): Promise<MessageRecord[] | undefined> {
    const { objects, settings, aside } = this.#run;
    try {
      return await readParkedObject(objects.client, settings.overflowBucket, key);
    } catch (error) {
      if (!(error instanceof NotParkedError || isAboutTheObject(error))) throw error;
      aside.put(key, "A parked object cannot be read", error);
      return undefined;
    }
  }

  /** @returns those that were not sent, and why not where the next would fare no better */
  async #send({ kind, key }: ParkedObject, records: readonly MessageRecord[]) {
    const { sqs, settings, objects, pace, room, aside, now } = this.#run;
    const isRedrive = kind === "redrivable";
    const chunks = chunksOf(records, isRedrive ? pace.atOnce : MESSAGES_PER_CALL);
    const left: MessageRecord[] = [];
    for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) {
      if (isRedrive) await pace.take(chunk.length);
      if (!(await this.#mayGoOn())) {
        this.more ||= !this.#run.timeLeft();
        return { left: [...left, ...chunk, ...chunks.flat()], failed: undefined };
      }
      for (const { body } of chunk) await renewClaimCheck(objects, settings.overflowBucket, body, now());
      const messages = chunk.map(toMessage);
      const outcomes = isRedrive
        ? await sendRedriven(this.#run, messages)
        : await sendMessages(sqs, settings.queueUrl, messages.map(asItWas));
      room.take(chunk.length);
      if (!isRedrive) {
        const back = messages.filter((_, index) => outcomes[index]?.kind === "sent");
        tellMoved(this.#run.logger, logMessages.broughtBack, back.map(asItWas));
      }
      left.push(...chunk.filter((_, index) => outcomes[index]?.kind !== "sent"));
      const refused = outcomes.find((outcome) => outcome.kind === "refused");
      if (refused !== undefined) aside.put(key, "SQS does not take a parked message as it is", refused.error);
      const failed = outcomes.find((outcome) => outcome.kind === "failed");
      if (failed !== undefined) return { left: [...left, ...chunks.flat()], failed: failed.error };
    }
    return { left, failed: undefined };
  }

  async #remove({ key }: ParkedObject): Promise<void> {
    const { objects, settings, aside } = this.#run;
    try {
      await deleteParked(objects.client, settings.overflowBucket, key);
      aside.remove(key);
    } catch (error) {
      if (!isAboutTheObject(error)) throw error;
      aside.put(key, "Parked events were sent, but their object cannot be deleted", error);
    }
  }
}

function asItWas({ Body = "", MessageAttributes = {} }: ReturnType<typeof toMessage>): OutgoingMessage {
  return { body: Body, attributes: MessageAttributes };
}
