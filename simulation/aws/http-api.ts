import { type RouteMatch, toEvent } from "../../local/gateway/event.ts";
import { matchRoute } from "../../local/gateway/routes.ts";
import type { RouteModel } from "../../local/stack/model.ts";
import type { VirtualClock } from "../clock.ts";
import type { Random } from "../random.ts";
import type { Lambda } from "./lambda.ts";

export interface HttpRequest {
  readonly method: string;
  /** Of the request: `/open-messaging/main`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface ApiSettings {
  readonly routes: readonly RouteModel[];
  /** Requests a second, sustained, and at once: of all routes together but those that have their own. */
  readonly ratePerSecond: number;
  readonly burst: number;
  /** By route key. @default none has its own */
  readonly routeThrottling?: ReadonlyMap<string, { readonly ratePerSecond: number; readonly burst: number }>;
  /** Told of every answer; `milliseconds` is the function's part. */
  readonly onAnswer: (status: number, milliseconds: number | undefined) => void;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const PAYLOAD_BYTES = 10 * 1024 * 1024;
const HEADER_BYTES = 10_240;
const INTEGRATION_MILLISECONDS = 30_000;
/** Of one invocation: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const INVOCATION_BYTES = 6 * 1024 * 1024;

/** API Gateway's HTTP API: throttle, limits, routes, payload format 2.0. */
export class HttpApi {
  readonly #clock: VirtualClock;
  readonly #lambda: Lambda;
  readonly #random: Random;
  readonly #settings: ApiSettings;
  readonly #buckets = new Map<string, { tokens: number; refilledAt: number }>();
  #requests = 0;

  constructor(clock: VirtualClock, lambda: Lambda, random: Random, settings: ApiSettings) {
    this.#clock = clock;
    this.#lambda = lambda;
    this.#random = random;
    this.#settings = settings;
  }

  /** @returns the status; the answer takes its way back */
  async request(request: HttpRequest): Promise<number> {
    await this.#clock.sleep(this.#random.between(2, 20));
    const { status, milliseconds } = await this.#answer(request);
    this.#settings.onAnswer(status, milliseconds);
    await this.#clock.sleep(this.#random.between(2, 20));
    return status;
  }

  async #answer(request: HttpRequest): Promise<{ readonly status: number; readonly milliseconds?: number }> {
    const { method, path, headers, body } = request;
    const found = matchRoute(this.#settings.routes, method, path.split("?")[0] ?? "");
    if (!this.#take(found?.route.routeKey)) return { status: 429 };
    if (headerBytes(request) > HEADER_BYTES) return { status: 431 };
    if (body.length > PAYLOAD_BYTES) return { status: 413 };
    if (found === undefined) return { status: 404 };
    const event = this.#toEvent(request, found);
    // Within a kilobyte or two: what stands around body and headers is short.
    if (Buffer.byteLength(event.body ?? "") + headerBytes({ method, path, headers }) > INVOCATION_BYTES)
      return { status: 413 };
    const startedAt = this.#clock.now;
    const result = await Promise.race([
      this.#lambda.invoke(found.route.functionArn, event),
      this.#clock.sleep(INTEGRATION_MILLISECONDS).then(() => undefined),
    ]);
    const milliseconds = this.#clock.now - startedAt;
    if (result === undefined || result.kind === "throttled") return { status: 503, milliseconds };
    if (result.kind === "failed") return { status: 500, milliseconds };
    return { status: statusOf(result.value), milliseconds };
  }

  #toEvent(
    { method, path, headers, body }: HttpRequest,
    match: RouteMatch,
  ): ReturnType<typeof toEvent> & { readonly body?: string } {
    const rawHeaders = Object.entries(headers).flat();
    return toEvent({ method, url: path, rawHeaders, sourceIp: "192.0.2.1", body }, match, {
      apiId: "simulated",
      account: "000000000000",
      requestId: `api-request-${++this.#requests}`,
      at: new Date(this.#clock.now),
    });
  }

  /** A token bucket: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html */
  #take(routeKey = ""): boolean {
    const own = this.#settings.routeThrottling?.get(routeKey);
    const { ratePerSecond, burst } = own ?? this.#settings;
    const key = own === undefined ? "" : routeKey;
    const bucket = this.#buckets.get(key) ?? { tokens: burst, refilledAt: this.#clock.now };
    this.#buckets.set(key, bucket);
    const elapsed = (this.#clock.now - bucket.refilledAt) / 1000;
    bucket.tokens = Math.min(burst, bucket.tokens + elapsed * ratePerSecond);
    bucket.refilledAt = this.#clock.now;
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }
}

function headerBytes({ method, path, headers }: Omit<HttpRequest, "body">): number {
  return Object.entries(headers).reduce(
    (all, [name, value]) => all + Buffer.byteLength(name) + Buffer.byteLength(value),
    method.length + Buffer.byteLength(path),
  );
}

/**
 * What a function returns is the whole body of a 200 unless it has a `statusCode`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
function statusOf(value: unknown): number {
  if (typeof value !== "object" || value === null || !("statusCode" in value)) return 200;
  const status = Number(value.statusCode);
  return Number.isInteger(status) && status >= 100 && status <= 599 ? status : 500;
}
