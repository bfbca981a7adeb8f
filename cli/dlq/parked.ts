import type { Message } from "@aws-sdk/client-sqs";
import { toMessage } from "../../contract/message-record.ts";
import { type ParkedObject, parkedDeadLetters } from "../../contract/parked.ts";
import { deleteParked, listParked, readParkedObject, storeParked } from "../../contract/parked-objects.ts";
import type { Context } from "../context.ts";
import type { Visit } from "./sweep.ts";

/** The objects in which recovery has parked dead letters, those that it may redrive itself among them. */
export async function listParkedDeadLetters(context: Context): Promise<ParkedObject[]> {
  const { clients, outputs } = await context.environment();
  const all = await listParked(await clients.s3(), outputs.overflowBucket);
  return all.filter(({ kind }) => parkedDeadLetters.includes(kind));
}

/**
 * Visits every parked dead letter, object by object, as `sweep` does with the queue. What the visit has done with goes:
 * first the others of its object are stored anew, then the object is deleted. Killed in between, some lie there twice.
 *
 * @param wantsMore false ends it early
 * @throws what S3 throws
 */
export async function sweepParked(
  context: Context,
  visit: Visit,
  wantsMore: () => boolean = () => true,
): Promise<void> {
  const { clients, outputs } = await context.environment();
  const s3 = await clients.s3();
  for (const object of await listParkedDeadLetters(context)) {
    if (context.signal.aborted || !wantsMore()) return;
    const records = await readParkedObject(s3, outputs.overflowBucket, object.key);
    if (records === undefined) continue; // recovery was faster
    const messages: readonly Message[] = records.map(toMessage);
    const done = await visit(messages);
    if (done.size === 0) continue;
    const left = records.filter(({ messageId }) => !done.has(messageId));
    if (left.length > 0) await storeParked(s3, outputs.overflowBucket, object, left);
    await deleteParked(s3, outputs.overflowBucket, object.key);
  }
}
