import { DeleteObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { type QueueUrls, sendMessage } from "../../contract/dead-letter-queue.ts";
import { defined } from "../../contract/defined.ts";
import { readSpill, type SpilledMessage } from "../../contract/event/spill.ts";
import { SPILL_PREFIX } from "../../contract/overflow.ts";
import type { Objects } from "../runtime/objects.ts";

export interface SpilledSettings extends QueueUrls {
  readonly bucket: string;
}

/**
 * Sends every spilled message to the queue that did not take it, and deletes its object afterwards: a run
 * killed in between sends it once more, under the same id. An object that is no spilled message stays for a
 * person; `unreadable` is told its key.
 *
 * @param mayGoOn asked before every object.
 * @returns how many went back.
 * @throws what SQS or S3 throw: then nothing more would go through either, and the rest waits for the next run.
 * A message that SQS does not take as it is stays too, and is thrown at the end: it holds up none of the others.
 */
export async function requeueSpilled(
  sqs: SQSClient,
  objects: Objects,
  settings: SpilledSettings,
  mayGoOn: () => Promise<boolean>,
  unreadable: (key: string, error: Error) => void,
): Promise<number> {
  let requeued = 0;
  const refusals: unknown[] = [];
  for await (const key of spilledKeys(objects, settings.bucket)) {
    if (!(await mayGoOn())) break;
    const location = { bucket: settings.bucket, key };
    const text = (await objects.get(location)).toString("utf8");
    let message: SpilledMessage;
    try {
      message = readSpill(text);
    } catch (error) {
      unreadable(key, error as Error);
      continue;
    }
    const url = message.queue === "main" ? settings.queueUrl : settings.deadLetterQueueUrl;
    const refused = await sendMessage(
      sqs,
      url,
      message.body,
      message.attributes && { ...message.attributes },
    );
    if (refused !== undefined) {
      refusals.push(refused.error);
      continue;
    }
    await objects.client.send(new DeleteObjectCommand({ Bucket: settings.bucket, Key: key }));
    requeued++;
  }
  if (refusals.length > 0) throw refusals[0];
  return requeued;
}

async function* spilledKeys(objects: Objects, bucket: string): AsyncGenerator<string> {
  let token: string | undefined;
  do {
    const page = await objects.client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: SPILL_PREFIX,
        ...defined({ ContinuationToken: token }),
      }),
    );
    for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
    token = page.NextContinuationToken;
  } while (token !== undefined);
}
