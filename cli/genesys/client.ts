import type { z } from "zod";
import { type Clock, systemClock } from "./clock.ts";
import type { Endpoint } from "./endpoint.ts";
import { type Answer, type Exchange, exchange } from "./exchange.ts";
import { explain, notJson } from "./explain.ts";
import { GenesysError } from "./genesys-error.ts";
import { basic, grant, type Token } from "./grant.ts";
import { Pace } from "./pace.ts";
import { type Patience, patiently, standardPatience } from "./patience.ts";
import type { Redaction } from "./redaction.ts";
import type { TokenCache } from "./token-cache.ts";

/** An OAuth client. The secret is read only when a token has to be asked for. */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: () => Promise<string>;
}

export interface ClientOptions {
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  readonly cache: TokenCache;
  /** Every secret and token that passes here is added to it. */
  readonly redaction: Redaction;
  /** Ends whatever is under way. */
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock;
  readonly patience?: Patience;
  readonly random?: () => number;
  /** Milliseconds for one request. @default 30_000 */
  readonly timeout?: number;
}

interface Call {
  readonly method: Exchange["method"];
  /** From `/api/v2` on. */
  readonly path: string;
  readonly body?: unknown;
  /** What it is for, as the end of "it could not …". */
  readonly doing: string;
  /** Whether twice is as good as once. @default for GET */
  readonly repeatable?: boolean;
}

/** Genesys Cloud's platform API: with a token, within the rate, patient where that is safe. */
export class GenesysClient {
  readonly endpoint: Endpoint;
  readonly clientId: string;
  private readonly options: ClientOptions;
  private readonly clock: Clock;
  private readonly pace: Pace;
  private held: Token | undefined;

  constructor(options: ClientOptions) {
    this.options = options;
    this.endpoint = options.endpoint;
    this.clientId = options.credentials.clientId;
    this.clock = options.clock ?? systemClock;
    this.pace = new Pace(this.clock);
  }

  /** @throws {GenesysError} */
  get<S extends z.ZodType>(path: string, schema: S, doing: string): Promise<z.output<S>> {
    return this.call({ method: "GET", path, doing }, schema);
  }

  /**
   * Every entity of a list, page by page: by the address of the next page where the answer has one, otherwise
   * by number.
   *
   * @throws {GenesysError}
   */
  async list<S extends z.ZodType>(path: string, schema: S, doing: string): Promise<z.output<S>[]> {
    const entities: z.output<S>[] = [];
    const first = new URL(path, this.endpoint.apiUrl);
    first.searchParams.set("pageSize", "100");
    const seen = new Set<string>();
    for (let page: string | undefined = pathOf(first); page !== undefined && !seen.has(page); ) {
      seen.add(page);
      const answer: unknown = await this.json({ method: "GET", path: page, doing });
      const { entities: found, nextUri, pageNumber, pageCount } = listing(answer, doing);
      entities.push(...found.map((entity) => this.read(entity, schema, doing)));
      if (typeof nextUri === "string" && nextUri !== "") page = this.pathOfNext(nextUri, doing);
      else if (typeof pageNumber === "number" && typeof pageCount === "number" && pageNumber < pageCount) {
        first.searchParams.set("pageNumber", String(pageNumber + 1));
        page = pathOf(first);
      } else page = undefined;
    }
    return entities;
  }

  /** @throws {GenesysError} */
  async call<S extends z.ZodType>(call: Call, schema: S): Promise<z.output<S>> {
    return this.read(await this.json(call), schema, call.doing);
  }

  /** A call whose answer says nothing: a deletion. @throws {GenesysError} */
  async send(call: Call): Promise<void> {
    await this.answer(call);
  }

  /** The token in use, from the cache or a new one. @throws {GenesysError} */
  async token(): Promise<Token> {
    return (await this.cachedToken()) ?? this.renew();
  }

  /** The token in use or in the cache, if it is good for a while yet. */
  async cachedToken(): Promise<Token | undefined> {
    this.held ??= await this.options.cache.read(this.clock.now());
    if (this.held) this.options.redaction.add(this.held.accessToken);
    return this.held;
  }

  /** Deletes the token, here and in the cache. */
  async forget(): Promise<void> {
    this.held = undefined;
    await this.options.cache.forget();
  }

  /** A new token, whatever is cached. @throws {GenesysError} */
  async renew(): Promise<Token> {
    const { endpoint, credentials, redaction, cache, signal } = this.options;
    const secret = redaction.add(await credentials.clientSecret());
    redaction.add(basic(credentials.clientId, secret));
    // Asking twice is as good as once: a token that nobody uses ends by itself.
    const token = await this.patiently(
      () => grant(endpoint, credentials.clientId, secret, { clock: this.clock, redaction, signal }),
      true,
    );
    redaction.add(token.accessToken);
    await cache.write(token, this.clock.now());
    this.held = token;
    return token;
  }

  private async json(call: Call): Promise<unknown> {
    const answer = await this.answer(call);
    try {
      return JSON.parse(answer.text);
    } catch {
      throw notJson(answer, call.doing);
    }
  }

  /** Renews the token once where it is not accepted: a 401 means that nothing was done. */
  private answer(call: Call): Promise<Answer> {
    const repeatable = call.repeatable ?? call.method === "GET";
    let renewed = false;
    return this.patiently(async () => {
      let answer = await this.once(call, await this.token());
      if (answer.status === 401 && !renewed) {
        renewed = true;
        await this.forget();
        answer = await this.once(call, await this.renew());
      }
      if (answer.status >= 200 && answer.status < 300) return answer;
      throw explain(answer, call.doing);
    }, repeatable);
  }

  private async once({ method, path, body }: Call, { accessToken }: Token): Promise<Answer> {
    const { signal, timeout = 30_000, redaction } = this.options;
    await this.pace.turn(signal);
    const answer = await exchange({
      method,
      url: `${this.endpoint.apiUrl}${path}`,
      headers: {
        authorization: `Bearer ${accessToken}`,
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      timeoutMilliseconds: timeout,
      signal,
    });
    return answer.status < 400 ? answer : { ...answer, text: redaction.scrub(answer.text) };
  }

  private patiently<T>(work: () => Promise<T>, repeatable: boolean): Promise<T> {
    const { patience = standardPatience, random = Math.random, signal } = this.options;
    return patiently(work, repeatable, patience, { clock: this.clock, random, signal });
  }

  private read<S extends z.ZodType>(value: unknown, schema: S, doing: string): z.output<S> {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const fields = result.error.issues.map(({ path }) => path.join(".")).join(", ");
    throw unexpected(`The answer of Genesys Cloud is not as known (${fields}): it could not ${doing}.`);
  }

  /** A token goes to no other host, whatever an answer says. */
  private pathOfNext(uri: string, doing: string): string {
    const url = URL.parse(uri, this.endpoint.apiUrl);
    if (url === null || url.origin !== new URL(this.endpoint.apiUrl).origin) {
      throw unexpected(`The next page is said to be at another host: it could not ${doing}.`);
    }
    return pathOf(url);
  }
}

function pathOf({ pathname, search }: URL): string {
  return `${pathname}${search}`;
}

function listing(answer: unknown, doing: string) {
  const page = answer as Readonly<Record<string, unknown>> | null;
  const entities = page?.["entities"];
  if (!Array.isArray(entities)) throw unexpected(`The answer is no list: it could not ${doing}.`);
  const { nextUri, pageNumber, pageCount } = page ?? {};
  return { entities: entities as unknown[], nextUri, pageNumber, pageCount };
}

function unexpected(message: string): GenesysError {
  return new GenesysError({
    kind: "unexpected",
    message,
    remedy: "See that --genesys-url and --genesys-region name Genesys Cloud, and not something else.",
  });
}
