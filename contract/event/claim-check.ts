import { CLAIM_CHECK_PREFIX } from "../overflow.ts";
import { isJsonObject, type JsonObject } from "../sources/source.ts";
import { type PayloadRef, sha256 } from "./envelope.ts";
import { PermanentError } from "./failure.ts";

/**
 * A claim check's reference. Whoever may write to the queue writes it, so it is no address: only what the receiver
 * itself may have written is ever fetched, and counts only if it hashes to what the envelope says.
 */
export interface ClaimCheck {
  readonly reference: PayloadRef;
  /** SHA-256, hex, of the bytes. */
  readonly sha256: string;
}

/** @throws {PermanentError} where it is none, leads elsewhere than to claim checks, or says nothing of its bytes */
export function readClaimCheck(message: JsonObject): ClaimCheck {
  const value = message["payload_ref"];
  const { bucket, key, bytes } = isJsonObject(value) ? value : {};
  if (typeof bucket !== "string" || typeof key !== "string" || typeof bytes !== "number") {
    throw new PermanentError("The envelope's payload_ref lacks bucket, key or bytes.");
  }
  if (!isClaimCheckKey(key)) {
    throw new PermanentError(`The envelope's payload_ref does not lead to ${CLAIM_CHECK_PREFIX}.`);
  }
  const hash = message["body_sha256"];
  if (typeof hash !== "string" || !/^[0-9a-f]{64}$/.test(hash)) {
    throw new PermanentError("The envelope has a payload_ref, but no body_sha256 to hold its event to.");
  }
  return { reference: { bucket, key, bytes }, sha256: hash };
}

/**
 * @param bucket the environment's own overflow bucket
 * @throws {PermanentError} where the reference leads to another one, which is asked for nothing
 */
export function refuseOtherBucket({ reference }: Pick<ClaimCheck, "reference">, bucket: string): void {
  if (reference.bucket === bucket) return;
  throw new PermanentError("The envelope's payload_ref leads to a bucket that is not this environment's.");
}

/** @throws {PermanentError} where the bytes are not those that the receiver stored */
export function refuseOtherBytes(bytes: Uint8Array, expected: string): void {
  if (sha256(bytes) === expected) return;
  throw new PermanentError("The event in the overflow bucket is not the one that was stored.");
}

/** `.` and `..` are steps to some, and parts of a key to others. */
function isClaimCheckKey(key: string): boolean {
  if (!key.startsWith(CLAIM_CHECK_PREFIX)) return false;
  return key.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}
