import { original, readings, withoutIgnored } from "./view.ts";

/** So many characters of a secret in a row give it away; fewer are in many words. */
export const GRAM = 8;

/** Every run of eight characters of every spelling that no decoding undoes, as {@link withoutIgnored} has them. */
export function gramsOf(secret: string): Set<string> {
  const grams = new Set<string>();
  for (const spelling of undecodable(secret)) {
    const { text } = withoutIgnored(original(spelling));
    for (let at = 0; at + GRAM <= text.length; at++) grams.add(text.slice(at, at + GRAM));
  }
  return grams;
}

/** Of a secret that has no such run: its spellings, as a whole. */
export function shortSpellingsOf(secret: string): readonly string[] {
  if (withoutIgnored(original(secret)).text.length >= GRAM) return [];
  const bytes = Buffer.from(secret);
  const base64 = (["base64", "base64url"] as const).flatMap((kind) => {
    const whole = bytes.toString(kind);
    return [whole, whole.replace(/=+$/, "")];
  });
  return [secret, encodeURIComponent(secret.toWellFormed()), JSON.stringify(secret).slice(1, -1), ...base64];
}

/** The secret, what somebody has who takes it for a spelling and undoes that, and both in base64 and hex. */
function undecodable(secret: string): string[] {
  return readings(secret).flatMap(({ text }) => {
    const bytes = (["utf8", "latin1"] as const).map((encoding) => Buffer.from(text, encoding));
    return [
      text,
      ...bytes.flatMap((each) => [each.toString("hex"), each.toString("base64"), ...base64Of(each)]),
    ];
  });
}

/**
 * What base64 makes of the bytes wherever they begin in a longer text: of the first and the last character that
 * depend on what is around them, nothing.
 */
function base64Of(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor((whole.length * 8) / 6);
    return (["base64", "base64url"] as const).map((kind) => whole.toString(kind).slice(from, to));
  });
}
