import { DeleteObjectsCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { defined } from "../../contract/defined.ts";
import { readSpill, type SpilledMessage } from "../../contract/event/spill.ts";
import { logMessages } from "../../contract/log-messages.ts";
import { SPILL_PREFIX } from "../../contract/overflow.ts";
import { MESSAGES_PER_CALL, sendMessages } from "../../contract/queue-batch.ts";
import type { Objects } from "../runtime/objects.ts";
import { isAboutTheObject } from "./aside.ts";
import { inLanes } from "./lanes.ts";
import { LANES, type Run, type StepResult } from "./run.ts";
import { tellMoved } from "./tell-moved.ts";

export interface SpilledResult extends StepResult {
  /** Where some are left: when the oldest that it has come to was stored. */
  readonly oldest?: Date;
}

interface Spill {
  readonly key: string;
  readonly message: SpilledMessage;
}

/**
 * Sends every spilled message to the queue that did not take it, and deletes its object afterwards: a run killed in
 * between sends it once more, under the same id. One that cannot be read, sent or deleted is put aside.
 *
 * @throws what SQS or S3 throw of more than one object: the rest waits for the next run
 */
export async function requeueSpilled(run: Run): Promise<SpilledResult> {
  const { memory, timeLeft, room } = run;
  const keys = keysFrom(run);
  let moved = 0;
  let more = false;
  await inLanes(LANES, async () => {
    if (!timeLeft()) {
      more = true;
      return false;
    }
    if (room.isFull) return false;
    const chosen: string[] = [];
    while (chosen.length < MESSAGES_PER_CALL) {
      const key = await keys.next();
      if (key === undefined) break;
      chosen.push(key);
    }
    if (chosen.length === 0) return false;
    room.take(chosen.length);
    const back = await requeue(run, chosen);
    moved += back;
    return true;
  });
  if (more && keys.last !== undefined) memory.spillCursor = keys.last;
  else Reflect.deleteProperty(memory, "spillCursor");
  return { moved, more, ...defined({ oldest: keys.listed > moved ? keys.oldest : undefined }) };
}

async function requeue(run: Run, keys: readonly string[]): Promise<number> {
  const spills = (await Promise.all(keys.map((key) => read(run, key)))).filter(
    (spill) => spill !== undefined,
  );
  let moved = 0;
  for (const queue of ["main", "dead-letter"] as const) {
    const some = spills.filter(({ message }) => message.queue === queue);
    if (some.length > 0) moved += await send(run, queue, some);
  }
  return moved;
}

async function read({ objects, settings, aside }: Run, key: string): Promise<Spill | undefined> {
  let text: string;
  try {
    text = (await objects.get({ bucket: settings.overflowBucket, key })).toString("utf8");
  } catch (error) {
    if (!isAboutTheObject(error)) throw error;
    if ((error as Error).name === "NoSuchKey") aside.remove(key);
    else aside.put(key, "A spilled event cannot be read", error);
    return undefined;
  }
  try {
    return { key, message: readSpill(text) };
  } catch (error) {
    aside.put(key, "An object under spill/ is no spilled message", error);
    return undefined;
  }
}

async function send(run: Run, queue: SpilledMessage["queue"], spills: readonly Spill[]): Promise<number> {
  const { sqs, objects, settings, aside } = run;
  const url = queue === "main" ? settings.queueUrl : settings.deadLetterQueueUrl;
  const outcomes = await sendMessages(
    sqs,
    url,
    spills.map(({ message }) => message),
  );
  const sent = spills.filter((_, index) => outcomes[index]?.kind === "sent").map(({ key }) => key);
  tellMoved(
    run.logger,
    logMessages.requeuedSpilled,
    spills.filter((_, index) => outcomes[index]?.kind === "sent").map(({ message }) => message),
    queue === "main" ? {} : { dead_letter: true },
  );
  outcomes.forEach((outcome, index) => {
    if (outcome.kind !== "refused") return;
    aside.put(spills[index]?.key ?? "", "SQS does not take a spilled event as it is", outcome.error);
  });
  if (sent.length > 0) await remove(run, objects, sent);
  const failed = outcomes.find((outcome) => outcome.kind === "failed");
  if (failed !== undefined) throw failed.error;
  return sent.length;
}

/** What cannot be deleted is put aside, or every run would send it again. */
async function remove({ settings, aside }: Run, { client }: Objects, keys: readonly string[]): Promise<void> {
  const Objects = keys.map((Key) => ({ Key }));
  const { Errors: errors = [] } = await client.send(
    new DeleteObjectsCommand({ Bucket: settings.overflowBucket, Delete: { Objects, Quiet: true } }),
  );
  const undeleted = new Map(errors.map(({ Key = "", Code = "" }) => [Key, Code]));
  for (const key of keys) {
    const code = undeleted.get(key);
    if (code === undefined) aside.remove(key);
    else aside.put(key, "A spilled event was sent, but cannot be deleted", new RefusedError(code));
  }
}

/** What S3 says of one object of a call that it answered with 200. */
class RefusedError extends Error {
  constructor(code: string) {
    super();
    this.name = code;
  }
}

/** The keys of all spilled objects but those put aside, in S3's order, from where the last run stopped. */
function keysFrom({ objects, settings, memory, aside }: Run) {
  const iterator = list(objects, settings.overflowBucket, memory.spillCursor);
  let under: Promise<unknown> = Promise.resolve();
  return {
    last: undefined as string | undefined,
    oldest: undefined as Date | undefined,
    listed: 0,
    /** One at a time: lanes ask side by side. */
    next(): Promise<string | undefined> {
      const next = under.then(async () => {
        for (;;) {
          const { value, done } = await iterator.next();
          if (done) return undefined;
          const { key, at } = value;
          if (aside.has(key)) continue; // its own alarm tells it
          this.listed++;
          if (at !== undefined && !(this.oldest !== undefined && this.oldest <= at)) this.oldest = at;
          this.last = key;
          return key;
        }
      });
      under = next.catch(() => {});
      return next;
    },
  };
}

async function* list(
  { client }: Objects,
  bucket: string,
  after: string | undefined,
): AsyncGenerator<{ readonly key: string; readonly at: Date | undefined }, undefined> {
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: SPILL_PREFIX,
        ...defined({ ContinuationToken: token, StartAfter: token === undefined ? after : undefined }),
      }),
    );
    for (const { Key: key, LastModified: at } of page.Contents ?? [])
      if (key !== undefined) yield { key, at };
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return undefined;
}
