import { createHash, createHmac, timingSafeEqual } from "node:crypto";

const PREFIX = "sha256=";

/**
 * Whether `header` (`sha256=…`) is the HMAC-SHA256 of the raw bytes under one of the secrets. Genesys writes
 * it in base64, GitHub in hex. The text itself is compared: base64 has several spellings of the same bytes,
 * and only one of them was sent by who knows the secret.
 */
export function signatureMatches(
  header: string,
  body: Uint8Array,
  secrets: readonly string[],
  encoding: "base64" | "hex",
): boolean {
  return matchesOne(
    header,
    secrets.map((secret) => PREFIX + createHmac("sha256", secret).update(body).digest(encoding)),
  );
}

/** Whether the header could be a signature at all, of whatever bytes under whatever secret. */
export function isSignature(header: string, encoding: "base64" | "hex"): boolean {
  return (encoding === "base64" ? /^sha256=[A-Za-z0-9+/]{43}=$/ : /^sha256=[0-9a-f]{64}$/).test(header);
}

/** Whether the given text is one of the secrets. */
export function secretMatches(given: string, secrets: readonly string[]): boolean {
  return matchesOne(given, secrets);
}

/** Compares in constant time, and always with every candidate. Hashing first hides the lengths too. */
function matchesOne(given: string, candidates: readonly string[]): boolean {
  const hash = digest(given);
  return candidates.filter((candidate) => timingSafeEqual(hash, digest(candidate))).length > 0;
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
