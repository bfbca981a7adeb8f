import { sha256 } from "../../contract/event/envelope.ts";
import { PermanentError } from "../../contract/event/failure.ts";
import type { QueuedEvent } from "../../contract/event/read-envelope.ts";
import { TransientError } from "../destination/response.ts";
import type { Objects } from "../runtime/objects.ts";

/**
 * The event's bytes, out of the envelope or, for a claim check, out of the overflow bucket.
 *
 * @throws {PermanentError} when the bucket no longer has them, or has others than the receiver stored.
 * @throws {TransientError} when the bucket is out of reach: again.
 */
export async function payloadOf(
  event: QueuedEvent,
  objects: () => Promise<Objects>,
  signal: AbortSignal,
): Promise<Buffer> {
  if ("bytes" in event.body) return event.body.bytes;
  const location = event.body.reference;
  const bucket = await objects();
  const bytes = await bucket.get(location, signal).catch((cause: unknown) => {
    if ((cause as Error)?.name === "NoSuchKey") {
      throw new PermanentError("The event is no longer in the overflow bucket.", { cause });
    }
    throw new TransientError("The event could not be read from the overflow bucket.", { cause });
  });
  if (event.sha256 !== undefined && sha256(bytes) !== event.sha256) {
    throw new PermanentError("The event in the overflow bucket is not the one that was stored.");
  }
  return bytes;
}
