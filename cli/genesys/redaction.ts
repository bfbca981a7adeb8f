/** Shorter texts are in many words; no secret is so short. */
const SHORTEST = 4;

/** Knows every secret of this run, and takes them out of whatever is to be shown. */
export class Redaction {
  readonly #forms = new Set<string>();

  /** Remembers a secret, in all the spellings in which somebody may echo it; returns it. */
  add(secret: string): string {
    if (secret.length >= SHORTEST) {
      const query = new URLSearchParams({ a: secret }).toString().slice(2);
      const json = JSON.stringify(secret).slice(1, -1);
      const bytes = Buffer.from(secret);
      const base64 = [bytes.toString("base64"), bytes.toString("base64url")];
      for (const form of [secret, encodeURIComponent(secret), query, json, ...base64]) this.#forms.add(form);
    }
    return secret;
  }

  /** The text with `[secret]` in place of every secret. */
  scrub(text: string): string {
    // Longest first: one secret may be part of another.
    return [...this.#forms]
      .sort((a, b) => b.length - a.length)
      .reduce((scrubbed, form) => scrubbed.replaceAll(form, "[secret]"), text);
  }
}
