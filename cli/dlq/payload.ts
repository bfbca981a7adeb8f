import { GetObjectCommand } from "@aws-sdk/client-s3";
import { refuseOtherBucket, refuseOtherBytes } from "../../contract/event/claim-check.ts";
import { PermanentError } from "../../contract/event/failure.ts";
import type { QueuedEvent } from "../../contract/event/read-envelope.ts";
import { decodeUtf8 } from "../../contract/event/write-envelope.ts";
import type { Environment } from "../environment/environment.ts";

/** An event's bytes, or a sentence on why there are none. */
export type Payload = { readonly bytes: Buffer } | { readonly absent: string };

/**
 * The event's bytes, as Genesys signed them. Those of a claim check come out of the environment's own overflow bucket
 * alone: these are an operator's credentials, and anybody's reference.
 *
 * @throws what S3 throws
 */
export async function payloadOf({ body }: QueuedEvent, { clients, outputs }: Environment): Promise<Payload> {
  if ("bytes" in body) return body;
  try {
    refuseOtherBucket(body, outputs.overflowBucket);
    const { bucket, key } = body.reference;
    const s3 = await clients.s3();
    const { Body: object } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const bytes = Buffer.from((await object?.transformToByteArray()) ?? []);
    refuseOtherBytes(bytes, body.sha256);
    return { bytes };
  } catch (error) {
    if (error instanceof PermanentError) return { absent: error.message };
    if ((error as Error).name === "NoSuchKey")
      return { absent: "Its event is no longer in the overflow bucket." };
    throw error;
  }
}

/** Bytes in a JSON document: as text where they are UTF-8, else in base64. */
export function payloadFields(
  bytes: Buffer,
): { readonly payload: string } | { readonly payloadBase64: string } {
  const text = decodeUtf8(bytes);
  return text === undefined ? { payloadBase64: bytes.toString("base64") } : { payload: text };
}

/** JSON over several lines, where that changes nothing but white space: no big number, no duplicate key. */
export function indented(text: string): string {
  try {
    const json: unknown = JSON.parse(text);
    return JSON.stringify(json) === text ? JSON.stringify(json, null, 2) : text;
  } catch {
    return text;
  }
}
