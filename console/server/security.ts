import { timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** A request that is not answered. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 405 | 415;
  readonly message: string;
}

export interface Door {
  /** Where the console listens on loopback. */
  readonly port: number;
  /** Of this run; whoever has it may do what its owner may. */
  readonly token: string;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/**
 * Whether a request is of this console's own page, and of the person that it was started for. A name that was made to
 * lead to this machine, and a page of another site, stop here. The token stands in a header: a cookie would go to
 * whatever else listens on this machine, since cookies know no ports.
 *
 * @returns nothing where it is
 */
export function refusalOf({ method, path, headers }: Asked, { port, token }: Door): Refusal | undefined {
  if (!hostsOf(port).includes(headers.host ?? "")) {
    return { status: 403, message: `This console answers to 127.0.0.1:${port} alone.` };
  }
  const foreign = foreignTo(port, headers);
  const isCall = path.startsWith("/api/");
  if (!isCall) {
    if (method !== "GET" && method !== "HEAD") return { status: 405, message: "This is read only." };
    // A link to the page, which is empty without the token, may stand anywhere.
    const isVisit = headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
    return foreign && !isVisit ? REFUSED_PAGE : undefined;
  }
  if (foreign) return REFUSED_PAGE;
  if (method !== "POST") return { status: 405, message: "Calls are made by POST." };
  if (!hasToken(headers, token)) {
    return { status: 401, message: "The address with the token is printed where the console was started." };
  }
  if (!/^application\/json(;|$)/i.test(headers["content-type"] ?? "")) {
    return { status: 415, message: "Calls are made in JSON." };
  }
  return undefined;
}

const REFUSED_PAGE: Refusal = { status: 403, message: "This console answers no page but its own." };

function hostsOf(port: number): string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`];
}

/** Whether a page that is not ours asks. A browser lets no page leave out or change these headers. */
function foreignTo(port: number, { origin, "sec-fetch-site": site }: IncomingHttpHeaders): boolean {
  if (origin !== undefined && !hostsOf(port).some((host) => origin === `http://${host}`)) return true;
  return site !== undefined && site !== "same-origin" && site !== "none";
}

function hasToken({ authorization = "" }: IncomingHttpHeaders, token: string): boolean {
  const [given, wanted] = [Buffer.from(authorization), Buffer.from(`Bearer ${token}`)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** What every answer says to a browser: this page is by itself, runs its own code, and asks its own server. */
export const securityHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), usb=()",
  "cache-control": "no-store",
};
