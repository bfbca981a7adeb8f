import { createHmac } from "node:crypto";

/**
 * The headers that sign one delivery, as Standard Webhooks says: an HMAC-SHA256 over id, time and body, under each
 * active secret, so that a destination that knows one of them takes the delivery while they change. Each request is
 * signed anew: its time is part of what is signed.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 *
 * @param keys from {@link signingKey}
 * @param id the event's, as it stands in its `idempotency-key`
 */
export function signatureHeaders(
  keys: readonly Buffer[],
  { id, bytes, at }: { readonly id: string; readonly bytes: Uint8Array; readonly at: Date },
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signatures = keys.map((key) => `v1,${hmac(key, `${id}.${timestamp}.`, bytes)}`);
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}

/** `whsec_` stands in front of base64, as Standard Webhooks writes a secret; any other text is its own bytes. */
export function signingKey(secret: string): Buffer {
  const [, base64] = /^whsec_(.+)$/s.exec(secret) ?? [];
  return base64 === undefined ? Buffer.from(secret) : Buffer.from(base64, "base64");
}

function hmac(key: Buffer, head: string, bytes: Uint8Array): string {
  return createHmac("sha256", key).update(head).update(bytes).digest("base64");
}
