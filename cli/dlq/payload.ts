import { GetObjectCommand } from "@aws-sdk/client-s3";
import type { QueuedEvent } from "../../contract/event/read-envelope.ts";
import { decodeUtf8 } from "../../contract/event/write-envelope.ts";
import type { Environment } from "../environment/environment.ts";

/**
 * The event's bytes, as Genesys signed them; `undefined` where the overflow bucket no longer has them.
 *
 * @throws what S3 throws
 */
export async function payloadOf(event: QueuedEvent, { clients }: Environment): Promise<Buffer | undefined> {
  if ("bytes" in event.body) return event.body.bytes;
  const { bucket, key } = event.body.reference;
  const s3 = await clients.s3();
  try {
    const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return Buffer.from((await body?.transformToByteArray()) ?? []);
  } catch (error) {
    if ((error as Error).name === "NoSuchKey") return undefined;
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
