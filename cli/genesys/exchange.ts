import { defined } from "../../contract/defined.ts";
import { GenesysError } from "./genesys-error.ts";

export interface Exchange {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMilliseconds: number;
  readonly signal?: AbortSignal | undefined;
}

export interface ApiResponse {
  readonly status: number;
  readonly text: string;
  readonly correlationId: string | undefined;
  readonly retryAfter: string | undefined;
}

/** Certificates that nobody vouches for, that are past, or that are somebody else's. */
const TLS = /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)_/;
/** No connection was made, so nothing can have been done. */
const NEVER_CONNECTED = ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"];

/**
 * One HTTP request and its whole answer. A redirect is an answer: a token follows nobody to another host.
 *
 * @throws {GenesysError} where no answer came
 * @throws the signal's reason when the person gave up
 */
export async function exchange(request: Exchange): Promise<ApiResponse> {
  const { method, url, headers, body, timeoutMilliseconds, signal } = request;
  const timeout = AbortSignal.timeout(timeoutMilliseconds);
  try {
    const response = await fetch(url, {
      method,
      headers,
      redirect: "manual",
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      ...defined({ body }),
    });
    return {
      status: response.status,
      text: await response.text(),
      correlationId: response.headers.get("inin-correlation-id") ?? undefined,
      retryAfter: response.headers.get("retry-after") ?? undefined,
    };
  } catch (error) {
    signal?.throwIfAborted();
    throw withoutAnswer(error as Error, new URL(url).host, timeoutMilliseconds);
  }
}

function withoutAnswer(error: Error, host: string, timeoutMilliseconds: number): GenesysError {
  const code = codeOf(error);
  if (error.name === "TimeoutError" || code === "UND_ERR_CONNECT_TIMEOUT") {
    return new GenesysError({
      kind: "timeout",
      message: `${host} did not answer within ${timeoutMilliseconds / 1_000} s.`,
      remedy: "Try again; if it stays so, look at the network, its proxy, and status.mypurecloud.com.",
      unclear: code !== "UND_ERR_CONNECT_TIMEOUT",
      passing: true,
    });
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return new GenesysError({
      kind: "name-service",
      message: `The name service does not know ${host} (${code}).`,
      remedy: "Look at the region and at this machine's connection to the internet.",
      passing: code === "EAI_AGAIN",
    });
  }
  if (TLS.test(code)) {
    return new GenesysError({
      kind: "tls",
      message: `The certificate of ${host} is not to be trusted: ${certificateTrouble(code)}.`,
      remedy:
        "Where a proxy signs for the outside world, give its certificate in NODE_EXTRA_CA_CERTS; otherwise somebody else is answering.",
    });
  }
  return new GenesysError({
    kind: "connection",
    message: `The connection to ${host} failed (${code || error.name}).`,
    remedy: "See that the host is reachable from this machine, and try again.",
    unclear: !NEVER_CONNECTED.includes(code),
    passing: true,
  });
}

/** `fetch` says "fetch failed" and keeps what it was in the cause. */
function codeOf(error: Error): string {
  const { code } = (error.cause ?? error) as { code?: unknown };
  return typeof code === "string" ? code : "";
}

function certificateTrouble(code: string): string {
  if (code === "CERT_HAS_EXPIRED") return "it has expired";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return "it is for another host";
  if (/SELF_SIGNED/.test(code)) return "it is signed by itself";
  return code;
}
