import { readEnvelope } from "../../contract/event/read-envelope.ts";
import type { Objects } from "../runtime/objects.ts";

/**
 * The bucket keeps a claim-checked event for sixty days longer than an envelope (infra/constructs/overflow-bucket.ts),
 * counted from when it was written. So an older one is written anew whenever its envelope sets out on another way:
 * it then outlives whatever store the envelope comes to.
 */
const RENEWED_AFTER_MILLISECONDS = 30 * 86_400_000;

/**
 * @param bucket ours: a message may name any other, and nothing is read or written there
 * @throws what S3 throws, but for an object that is gone
 */
export async function renewClaimCheck(
  objects: Objects,
  bucket: string,
  body: string,
  now: Date,
): Promise<void> {
  if (!body.includes('"payload_ref"')) return; // most are none, and parsing them all would cost the most
  const claimCheck = claimCheckIn(body, now);
  if (claimCheck === undefined || claimCheck.reference.bucket !== bucket) return;
  const location = { bucket, key: claimCheck.reference.key };
  let bytes: Buffer;
  try {
    bytes = await objects.get(location);
  } catch (error) {
    if ((error as Error).name === "NoSuchKey") return;
    throw error;
  }
  const metadata = { "body-sha256": claimCheck.sha256 };
  await objects.put({ ...location, bytes, contentType: "application/octet-stream", metadata });
}

function claimCheckIn(body: string, now: Date) {
  try {
    const event = readEnvelope(body);
    if (!("reference" in event.body) || event.receivedAt === undefined) return undefined;
    const age = now.getTime() - Date.parse(event.receivedAt);
    return age < RENEWED_AFTER_MILLISECONDS ? undefined : event.body;
  } catch {
    return undefined; // it is no envelope, and refers to nothing
  }
}
