import type { z } from "zod";
import { defined } from "../../contract/defined.ts";
import type { Redaction } from "../../contract/redaction/redaction.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Endpoint } from "./endpoint.ts";
import { type ApiResponse, type Exchange, exchange } from "./exchange.ts";
import { explain, notJson, unexpected } from "./explain.ts";
import type { Token } from "./grant.ts";
import { Pace } from "./pace.ts";
import { firstPage, readPage } from "./paging.ts";
import { type RetryPolicy, standardRetryPolicy, withRetries } from "./retry.ts";
import type { TokenCache } from "./token-cache.ts";
import { type Credentials, Tokens } from "./tokens.ts";

export interface ClientOptions {
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  readonly cache: TokenCache;
  /** Every secret and token that passes here is added to it. */
  readonly redaction: Redaction;
  /** Ends whatever is under way. */
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock;
  readonly retryPolicy?: RetryPolicy;
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

/** Genesys Cloud's platform API: with a token, within the rate, with retries where that is safe. */
export class GenesysClient {
  readonly endpoint: Endpoint;
  readonly clientId: string;
  readonly tokens: Tokens;
  readonly #options: ClientOptions;
  readonly #clock: Clock;
  readonly #pace: Pace;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.endpoint = options.endpoint;
    this.clientId = options.credentials.clientId;
    this.#clock = options.clock ?? systemClock;
    this.#pace = new Pace(this.#clock);
    const target = (work: () => Promise<Token>) => this.#withRetries(work, true);
    this.tokens = new Tokens({ ...options, clock: this.#clock, withRetries: target });
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
    const { apiUrl } = this.endpoint;
    const entities: z.output<S>[] = [];
    const seen = new Set<string>(); // a page that names an earlier one as the next would never end
    let page: string | undefined = firstPage(path, apiUrl);
    while (page !== undefined && !seen.has(page)) {
      seen.add(page);
      const answer: unknown = await this.#json({ method: "GET", path: page, doing });
      const { entities: found, next } = readPage(answer, page, apiUrl, doing);
      entities.push(...found.map((entity) => read(entity, schema, doing)));
      page = next;
    }
    return entities;
  }

  /** @throws {GenesysError} */
  async call<S extends z.ZodType>(call: Call, schema: S): Promise<z.output<S>> {
    return read(await this.#json(call), schema, call.doing);
  }

  /** A call whose answer says nothing: a deletion. @throws {GenesysError} */
  async send(call: Call): Promise<void> {
    await this.#answer(call);
  }

  async #json(call: Call): Promise<unknown> {
    const answer = await this.#answer(call);
    try {
      return JSON.parse(answer.text);
    } catch {
      throw notJson(answer, call.doing);
    }
  }

  /** Renews the token once where it is not accepted: a 401 means that nothing was done. */
  #answer(call: Call): Promise<ApiResponse> {
    const repeatable = call.repeatable ?? call.method === "GET";
    let renewed = false;
    return this.#withRetries(async () => {
      let answer = await this.#once(call, await this.tokens.current());
      if (answer.status === 401 && !renewed) {
        renewed = true;
        await this.tokens.forget();
        answer = await this.#once(call, await this.tokens.renew());
      }
      if (answer.status >= 200 && answer.status < 300) return answer;
      throw explain(answer, call.doing);
    }, repeatable);
  }

  async #once({ method, path, body }: Call, { accessToken }: Token): Promise<ApiResponse> {
    const { signal, timeout = 30_000, redaction } = this.#options;
    await this.#pace.turn(signal);
    const answer = await exchange({
      method,
      url: `${this.endpoint.apiUrl}${path}`,
      headers: {
        authorization: `Bearer ${accessToken}`,
        accept: "application/json",
        ...defined({ "content-type": body === undefined ? undefined : "application/json" }),
      },
      ...defined({ body: body === undefined ? undefined : JSON.stringify(body) }),
      timeoutMilliseconds: timeout,
      signal,
    });
    return answer.status < 400 ? answer : { ...answer, text: redaction.scrub(answer.text) };
  }

  #withRetries<T>(work: () => Promise<T>, repeatable: boolean): Promise<T> {
    const { retryPolicy = standardRetryPolicy, random = Math.random, signal } = this.#options;
    return withRetries(work, repeatable, retryPolicy, { clock: this.#clock, random, signal });
  }
}

function read<S extends z.ZodType>(value: unknown, schema: S, doing: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields = result.error.issues.map(({ path }) => path.join(".")).join(", ");
  throw unexpected(`The answer of Genesys Cloud is not as known (${fields}): it could not ${doing}.`);
}
