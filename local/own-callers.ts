import type { IncomingHttpHeaders, ServerResponse } from "node:http";

/**
 * Why a request cannot be of a program of this machine's user: it was meant for another host (a name that was
 * made to lead here), or a page has sent it. A browser lets no page leave out or change these headers.
 *
 * @param host the server's own, with its port
 * @returns nothing where the request may be one of ours
 */
export function strangeRequest(headers: IncomingHttpHeaders, host: string): string | undefined {
  if (headers.host !== host) return `This server answers to ${host} alone.`;
  if (headers.origin !== undefined || Object.entries(headers).some(isOfPage)) {
    return "This server answers no page.";
  }
  return undefined;
}

/** Node's own fetch, which the command uses, says this much too. */
function isOfPage([name, value]: readonly [string, unknown]): boolean {
  return name.startsWith("sec-fetch-") && !(name === "sec-fetch-mode" && value === "cors");
}

/** Answers a request that is not answered; what it has brought along is not read. */
export function refuse(response: ServerResponse, text: string): void {
  response.writeHead(403, { "content-type": "text/plain", connection: "close" }).end(`${text}\n`);
}
