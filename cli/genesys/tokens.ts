import type { Redaction } from "../../contract/redaction/redaction.ts";
import type { Clock } from "./clock.ts";
import type { Endpoint } from "./endpoint.ts";
import { basic, grant, type Token } from "./grant.ts";
import type { TokenCache } from "./token-cache.ts";

/** An OAuth client. The secret is read when a token is wanted, a cached one too. */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: () => Promise<string>;
}

interface Parts {
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  readonly cache: TokenCache;
  readonly redaction: Redaction;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** Asking twice is as good as once: a token that nobody uses ends by itself. */
  readonly withRetries: (work: () => Promise<Token>) => Promise<Token>;
}

/** The token of this run: held here, kept in the cache, asked for when there is none. */
export class Tokens {
  readonly #parts: Parts;
  #held: Token | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The one in use, from the cache or a new one. @throws {GenesysError} */
  async current(): Promise<Token> {
    return (await this.cached()) ?? this.renew();
  }

  /** The one in use or in the cache, if it is good for a while yet. */
  async cached(): Promise<Token | undefined> {
    const { cache, clock, credentials, redaction } = this.#parts;
    this.#held ??= await cache.read(clock.now(), redaction.add(await credentials.clientSecret()));
    if (this.#held) redaction.add(this.#held.accessToken);
    return this.#held;
  }

  /** Deletes it, here and in the cache. */
  async forget(): Promise<void> {
    this.#held = undefined;
    await this.#parts.cache.forget();
  }

  /** A new one, whatever is cached. @throws {GenesysError} */
  async renew(): Promise<Token> {
    const { endpoint, credentials, redaction, cache, clock, signal, withRetries } = this.#parts;
    const { clientId } = credentials;
    const secret = redaction.add(await credentials.clientSecret());
    redaction.add(basic(clientId, secret));
    const token = await withRetries(() => grant(endpoint, clientId, secret, { clock, redaction, signal }));
    redaction.add(token.accessToken);
    await cache.write(token, clock.now(), secret);
    this.#held = token;
    return token;
  }
}
