import type { APIGatewayProxyEventV2 } from "aws-lambda";
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

export interface ApiRoute {
  /** `POST /open-messaging/{integrationId}` */
  readonly routeKey: string;
  readonly functionArn: string;
}

export interface ApiSettings {
  readonly routes: readonly ApiRoute[];
  /** Requests a second, sustained, and at once. */
  readonly ratePerSecond: number;
  readonly burst: number;
  /** Told of every answer; `milliseconds` is the function's part. */
  readonly onAnswer: (status: number, milliseconds: number | undefined) => void;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const PAYLOAD_BYTES = 10 * 1024 * 1024;
const INTEGRATION_MILLISECONDS = 30_000;

/** API Gateway's HTTP API: throttle, limits, payload format 2.0. */
export class HttpApi {
  readonly #clock: VirtualClock;
  readonly #lambda: Lambda;
  readonly #random: Random;
  readonly #settings: ApiSettings;
  #tokens: number;
  #refilledAt: number;

  constructor(clock: VirtualClock, lambda: Lambda, random: Random, settings: ApiSettings) {
    this.#clock = clock;
    this.#lambda = lambda;
    this.#random = random;
    this.#settings = settings;
    this.#tokens = settings.burst;
    this.#refilledAt = clock.now;
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
    if (!this.#take()) return { status: 429 };
    if (request.body.length > PAYLOAD_BYTES) return { status: 413 };
    const route = this.#settings.routes.map((each) => ({ each, match: match(each.routeKey, request) }));
    const found = route.find(({ match: parameters }) => parameters !== undefined);
    if (found?.match === undefined) return { status: 404 };
    const startedAt = this.#clock.now;
    const result = await Promise.race([
      this.#lambda.invoke(found.each.functionArn, toEvent(request, found.each.routeKey, found.match)),
      this.#clock.sleep(INTEGRATION_MILLISECONDS).then(() => undefined),
    ]);
    const milliseconds = this.#clock.now - startedAt;
    if (result === undefined || result.kind === "throttled") return { status: 503, milliseconds };
    if (result.kind === "failed") return { status: 500, milliseconds };
    const status = (result.value as { statusCode?: unknown } | undefined)?.statusCode;
    return { status: typeof status === "number" ? status : 500, milliseconds };
  }

  /** A token bucket: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html */
  #take(): boolean {
    const { ratePerSecond, burst } = this.#settings;
    const elapsed = (this.#clock.now - this.#refilledAt) / 1000;
    this.#tokens = Math.min(burst, this.#tokens + elapsed * ratePerSecond);
    this.#refilledAt = this.#clock.now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}

/** The path's parameters, where the route takes the request. */
function match(routeKey: string, { method, path }: HttpRequest): Record<string, string> | undefined {
  const [wanted, pattern = ""] = routeKey.split(" ");
  if (wanted !== method) return undefined;
  const [left, right] = [pattern.split("/"), path.split("/")];
  if (left.length !== right.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [at, segment] of left.entries()) {
    const given = right[at] ?? "";
    const [, name] = /^\{(.+)\}$/.exec(segment) ?? [];
    if (name !== undefined) parameters[name] = decodeURIComponent(given);
    else if (segment !== given) return undefined;
  }
  return parameters;
}

function toEvent(
  { method, path, headers, body }: HttpRequest,
  routeKey: string,
  pathParameters: Record<string, string>,
): Partial<APIGatewayProxyEventV2> {
  return {
    version: "2.0",
    routeKey,
    rawPath: path,
    rawQueryString: "",
    headers: { ...headers },
    requestContext: { http: { method, path } } as APIGatewayProxyEventV2["requestContext"],
    ...(Object.keys(pathParameters).length > 0 ? { pathParameters } : {}),
    body: body.toString("base64"),
    isBase64Encoded: true,
  };
}
