import http from "node:http";
import https from "node:https";
import { defined } from "../../contract/defined.ts";
import type { DestinationSettings } from "../../contract/variables/destination.ts";
import { publicLookup, refuseLiteral } from "./addresses.ts";
import { type DestinationResponse, TransientError } from "./response.ts";

/** Sends one request to the destination, and reads its answer. */
export type Exchange = (outgoing: Outgoing) => Promise<DestinationResponse>;

export type HttpSettings = Extract<DestinationSettings, { kind: "http" }>;

/** One request to the destination. */
export interface Outgoing {
  readonly method: "POST" | "HEAD";
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes?: Buffer;
  readonly signal: AbortSignal;
  /** An answer that repeats one of these is not kept. */
  readonly secrets: readonly string[];
}

interface Request extends Outgoing {
  readonly url: URL;
  readonly settings: HttpSettings;
  /** `false`: a connection of its own. */
  readonly agent: http.Agent | https.Agent | false;
}

const EXCERPT_CHARACTERS = 200; // what a person needs to see of an answer

/**
 * Talks to the destination over connections that are kept alive, to public addresses only unless the
 * configuration allows others. No redirect is followed, and no more of an answer is read than is allowed.
 */
export function openExchange(settings: HttpSettings): Exchange {
  const url = new URL(settings.url);
  const options: https.AgentOptions = { keepAlive: true };
  const agent = url.protocol === "https:" ? new https.Agent(options) : new http.Agent(options);
  return (outgoing) => {
    if (!settings.allowPrivateAddresses) refuseLiteral(url.hostname);
    return send({ ...outgoing, url, settings, agent });
  };
}

function send(exchange: Request): Promise<DestinationResponse> {
  const { url, agent, settings, method, headers, bytes, signal } = exchange;
  return new Promise((resolve, reject) => {
    const { request: open } = url.protocol === "https:" ? https : http;
    const request = open(url, {
      method,
      headers: { ...headers },
      agent,
      signal,
      ...(settings.allowPrivateAddresses ? {} : { lookup: publicLookup }),
    });
    let answered = false;
    request.on("response", (response) => {
      answered = true;
      readAnswer(response, exchange).then(resolve, reject);
    });
    request.on("error", (error) => {
      // The destination closed a connection that lay idle, as this request went out on it: nobody's failure.
      const stale = request.reusedSocket && !answered && !signal.aborted && agent !== false;
      if (stale) send({ ...exchange, agent: false }).then(resolve, reject);
      else reject(error);
    });
    request.end(bytes);
  });
}
/** Reads until the end or the cap, whichever comes first; a connection that dies before either is an error. */
function readAnswer(response: http.IncomingMessage, exchange: Request): Promise<DestinationResponse> {
  const maxBytes = exchange.settings.maxResponseBytes;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const done = () => resolve(answerOf(response, Buffer.concat(chunks).toString(), exchange.secrets));
    response.on("data", (chunk: Buffer) => {
      chunks.push(chunk.subarray(0, maxBytes - size));
      size += chunk.length;
      if (size > maxBytes) {
        done();
        response.destroy();
      }
    });
    response.on("end", done);
    response.on("error", reject);
    response.on("close", () =>
      reject(new TransientError("The destination closed the connection in mid-answer.")),
    );
  });
}

function answerOf(
  response: http.IncomingMessage,
  text: string,
  secrets: readonly string[],
): DestinationResponse {
  const retryAfter = response.headers["retry-after"];
  const repeatsSecret = secrets.some((secret) => text.includes(secret));
  return {
    status: response.statusCode ?? 0,
    ...defined({ retryAfter }),
    ...(repeatsSecret ? {} : { excerpt: text.slice(0, EXCERPT_CHARACTERS) }),
  };
}
