import { refuseOtherBucket, refuseOtherBytes } from "../../contract/event/claim-check.ts";
import { PermanentError } from "../../contract/event/failure.ts";
import type { QueuedEvent } from "../../contract/event/read-envelope.ts";
import { TransientError } from "../destination/response.ts";
import type { Ports } from "./ports.ts";

/**
 * The event's bytes, out of the envelope or, for a claim check, out of the overflow bucket.
 *
 * @throws {PermanentError} when the bucket is not ours, no longer has them, or has others than the receiver stored.
 * @throws {TransientError} when the bucket is out of reach: again.
 */
export async function payloadOf(
  event: QueuedEvent,
  { objects, settings }: Pick<Ports, "objects" | "settings">,
  signal: AbortSignal,
): Promise<Buffer> {
  if ("bytes" in event.body) return event.body.bytes;
  const { reference, sha256 } = event.body;
  refuseOtherBucket(event.body, settings.overflowBucket);
  const bucket = await objects();
  const bytes = await bucket.get(reference, signal).catch((cause: unknown) => {
    if ((cause as Error)?.name === "NoSuchKey") {
      throw new PermanentError("The event is no longer in the overflow bucket.", { cause });
    }
    throw new TransientError("The event could not be read from the overflow bucket.", { cause });
  });
  refuseOtherBytes(bytes, sha256);
  return bytes;
}
