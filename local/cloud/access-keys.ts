import { createHmac, randomBytes } from "node:crypto";

/**
 * The access keys of one run. They are secrets: whoever reaches the port from this machine, a page in a browser
 * or another user, has none of them. The operator's stands in the data folder, which is its owner's alone; a
 * function finds its own in its environment.
 */
export class AccessKeys {
  readonly #secret = randomBytes(32);
  /** The account's own: it may do everything. */
  readonly operator = this.#derive("operator");

  /** A function's: what it may do is evaluated. */
  ofFunction(name: string): string {
    return this.#derive(`function ${name}`);
  }

  #derive(whose: string): string {
    return `LOCAL${createHmac("sha256", this.#secret).update(whose).digest("hex").slice(0, 32).toUpperCase()}`;
  }
}

/** The SDK wants a secret key too. Nobody checks signatures here: the access key is the secret. */
export const SECRET_ACCESS_KEY = "local";
