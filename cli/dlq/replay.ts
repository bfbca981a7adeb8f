import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import { UsageError } from "../../contract/command-error.ts";
import { deliveryHeaders, keyOf } from "../../contract/event/delivery-headers.ts";
import { signatureHeaders, signingKey } from "../../contract/event/delivery-signature.ts";
import type { QueuedEvent } from "../../contract/event/read-envelope.ts";

/** A dead letter's event, as it would go out at its next attempt. */
export interface Replay {
  readonly event: QueuedEvent;
  readonly bytes: Buffer;
  readonly attempt: number;
}

/** How one was answered. */
export interface ReplayAnswer {
  readonly eventId: string;
  /** The HTTP status, or why there is none: `ECONNREFUSED`, `timeout`. */
  readonly answer: number | string;
  readonly milliseconds: number;
  /** The beginning of what was answered. */
  readonly text: string;
}

interface ReplayOptions {
  readonly timeoutMilliseconds: number;
  /** Of the deliveries' signature; without it there is none. */
  readonly signingSecret?: string;
}

/** More of an answer is read, and not kept. */
const TEXT_BYTES = 2_000;

/** @throws {UsageError} where it is no address of a web server */
export function replayUrl(text: string): URL {
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `http://${text}`);
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw new UsageError(`${text} is no http or https URL.`, "Give one such as --to http://localhost:3000.");
}

/** Whether nobody but this machine gets what is sent there. */
export function isThisMachine({ hostname }: URL): boolean {
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  if (isIP(host) === 4) return host.startsWith("127.");
  return host === "::1" || host === "localhost" || host.endsWith(".localhost");
}

/**
 * Posts an event as the processor would post it: its bytes, and each header but the destination's credentials. The
 * event stays where it is. It never rejects.
 */
export async function replay(
  { event, bytes, attempt }: Replay,
  url: URL,
  { timeoutMilliseconds, signingSecret }: ReplayOptions,
): Promise<ReplayAnswer> {
  const startedAt = performance.now();
  const signature =
    signingSecret === undefined
      ? {}
      : signatureHeaders([signingKey(signingSecret)], { id: keyOf(event), bytes, at: new Date() });
  const headers = { ...deliveryHeaders({ event, bytes }, attempt), ...signature };
  const end = (answer: number | string, text = ""): ReplayAnswer => ({
    eventId: event.id,
    answer,
    milliseconds: Math.round(performance.now() - startedAt),
    text,
  });
  try {
    const { status, text } = await post(url, headers, bytes, AbortSignal.timeout(timeoutMilliseconds));
    return end(status, text);
  } catch (error) {
    const { name, code } = error as NodeJS.ErrnoException;
    const isLate = name === "TimeoutError" || code === "ABORT_ERR";
    return end(isLate ? "timeout" : (code ?? name));
  }
}

/** By hand, since `fetch` adds headers of its own. A redirect is an answer. */
function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  bytes: Buffer,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const request = url.protocol === "https:" ? httpsRequest : httpRequest;
    const outgoing = request(url, { method: "POST", headers, signal }, (response) => {
      beginningOf(response).then(
        (text) => resolve({ status: response.statusCode ?? 0, text }),
        (error: unknown) => reject(error),
      );
    });
    outgoing.once("error", reject).end(bytes);
  });
}

async function beginningOf(response: IncomingMessage): Promise<string> {
  const kept: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (length < TEXT_BYTES) kept.push(chunk);
    length += chunk.length;
  }
  return Buffer.concat(kept).subarray(0, TEXT_BYTES).toString("utf8");
}
