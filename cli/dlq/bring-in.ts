import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { sendMessage } from "../../contract/dead-letter-queue.ts";
import { redrivenAttributes } from "../../contract/event/dead-letter.ts";
import { sha256 } from "../../contract/event/envelope.ts";
import { fitAttributes } from "../../contract/event/fit-attributes.ts";
import { attributesOf, readRecord } from "../../contract/message-record.ts";
import type { Context } from "../context.ts";
import type { Environment } from "../environment/environment.ts";
import { readEvent } from "./dead-letter.ts";
import { readMaxMessageBytes } from "./depth.ts";
import { LeftOut } from "./left-out.ts";
import { look } from "./look.ts";
import { type DeadLetterRecord, fingerprint, payloadOfRecord } from "./record.ts";

export interface Imported {
  readonly imported: number;
  /** On the dead-letter queue already, as they are. */
  readonly alreadyThere: number;
  /** SQS does not take them as they are. */
  readonly refused: number;
  /** Lines that no export has written, by number. */
  readonly unreadable: readonly number[];
  /** Claim-checked events put back into the bucket, which no longer had them. */
  readonly payloadsRestored: number;
}

/**
 * Puts exported dead letters back, line by line. On the dead-letter queue, one that lies there already is passed
 * over, so that an import which broke off can be run again. The main queue cannot be looked at without taking
 * from it: there everything is sent, as a redrive.
 *
 * @param lines of an export
 * @throws what SQS or S3 throw; run again, it goes on
 */
export async function bringIn(
  context: Context,
  lines: AsyncIterable<string>,
  to: "dlq" | "queue",
): Promise<Imported> {
  const environment = await context.environment();
  const sqs = await environment.clients.sqs();
  const url = to === "dlq" ? environment.outputs.deadLetterQueueUrl : environment.outputs.queueUrl;
  const maxMessageBytes = await readMaxMessageBytes(sqs, url);
  const leftOut = new LeftOut();
  const there = to === "dlq" ? await fingerprintsThere(context) : new Map<string, number>();
  const count = { imported: 0, alreadyThere: 0, refused: 0, payloadsRestored: 0 };
  const unreadable: number[] = [];
  let number = 0;
  for await (const line of lines) {
    number++;
    if (context.signal.aborted) break;
    if (line.trim() === "") continue;
    const record = readRecord<DeadLetterRecord>(line);
    if (record === undefined || !isOfItsEvent(record)) {
      unreadable.push(number);
      continue;
    }
    const given = to === "dlq" ? attributesOf(record) : redrivenAttributes(attributesOf(record), "operator");
    const fitted = fitAttributes(record.body, given, maxMessageBytes);
    if (fitted === undefined) {
      count.refused++;
      continue;
    }
    const { attributes } = fitted;
    const left = there.get(fingerprint(record.body, attributes)) ?? 0;
    if (left > 0) {
      there.set(fingerprint(record.body, attributes), left - 1);
      count.alreadyThere++;
      continue;
    }
    if (await restorePayload(environment, record)) count.payloadsRestored++;
    const refused = await sendMessage(sqs, url, record.body, attributes);
    if (refused === undefined) count.imported++;
    else count.refused++;
    if (refused === undefined) leftOut.add(fitted.leftOut);
  }
  leftOut.tell(context);
  return { ...count, unreadable };
}

/** How often each message lies on the dead-letter queue. */
async function fingerprintsThere(context: Context): Promise<Map<string, number>> {
  const there = new Map<string, number>();
  await look(context, undefined, ({ Body: body = "", MessageAttributes: attributes = {} }) => {
    const print = fingerprint(body, attributes);
    there.set(print, (there.get(print) ?? 0) + 1);
  });
  return there;
}

/** Whether the bytes that came along, if any did, are those that the message speaks of. */
function isOfItsEvent(record: DeadLetterRecord): boolean {
  const bytes = payloadOfRecord(record);
  const event = bytes && readEvent(record.body);
  if (!event || !("reference" in event.body)) return true;
  return sha256(bytes) === event.body.sha256;
}

/** @returns whether the bucket lacked an event that the record has, and has it again */
async function restorePayload({ clients, outputs }: Environment, record: DeadLetterRecord): Promise<boolean> {
  const bytes = payloadOfRecord(record);
  const event = bytes && readEvent(record.body);
  if (!event || !("reference" in event.body)) return false;
  const { bucket, key } = event.body.reference;
  if (bucket !== outputs.overflowBucket) return false; // another environment's; its processor would not look here
  const s3 = await clients.s3();
  const missing = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key })).then(
    () => false,
    (error: { $metadata?: { httpStatusCode?: number } }) => {
      if (error.$metadata?.httpStatusCode === 404) return true;
      throw error;
    },
  );
  if (missing) await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }));
  return missing;
}
