import http from "node:http";
import https from "node:https";
import type { DestinationSettings } from "../../../contract/settings.ts";
import { type Answer, TransientError } from "../classify.ts";
import { publicLookup, refuseLiteral } from "./addresses.ts";
import type { Credentials, HeldCredentials } from "./credentials.ts";
import type { Delivery, Destination } from "./destination.ts";
import { deliveryHeaders } from "./headers.ts";

type HttpSettings = Extract<DestinationSettings, { kind: "http" }>;

const EXCERPT_CHARACTERS = 200; // what a person needs to see of an answer

/**
 * An HTTP endpoint: a POST of the event's bytes over connections that are kept alive. No redirect is
 * followed, and no more of an answer is read than the configuration allows.
 */
export function httpDestination(settings: HttpSettings, credentials?: Credentials): Destination {
  const url = new URL(settings.url);
  const options: https.AgentOptions = { keepAlive: true };
  const agent = url.protocol === "https:" ? new https.Agent(options) : new http.Agent(options);
  const exchange = ({ event, bytes, attempt }: Delivery, signal: AbortSignal, held?: HeldCredentials) => {
    if (!settings.allowPrivateAddresses) refuseLiteral(url.hostname);
    const headers = { ...deliveryHeaders({ event, bytes, attempt }), ...held?.headers };
    return post({ url, agent, settings, headers, bytes, signal, secrets: held?.secrets ?? [] });
  };
  return {
    timeoutMilliseconds: settings.timeoutMilliseconds,
    async deliver(delivery, signal) {
      if (credentials === undefined) return exchange(delivery, signal);
      const held = await credentials.current();
      const answer = await exchange(delivery, signal, held);
      if (answer.status !== 401 && answer.status !== 403) return answer;
      const newer = await credentials.refused(held);
      return newer === undefined ? answer : exchange(delivery, signal, newer);
    },
  };
}

interface Exchange {
  readonly url: URL;
  /** `false`: a connection of its own. */
  readonly agent: http.Agent | https.Agent | false;
  readonly settings: HttpSettings;
  readonly headers: Record<string, string>;
  readonly bytes: Buffer;
  readonly signal: AbortSignal;
  /** An answer that repeats one of these is not kept. */
  readonly secrets: readonly string[];
}

function post(exchange: Exchange): Promise<Answer> {
  const { url, agent, settings, headers, bytes, signal } = exchange;
  return new Promise((resolve, reject) => {
    const { request: open } = url.protocol === "https:" ? https : http;
    const request = open(url, {
      method: "POST",
      headers,
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
      if (stale) post({ ...exchange, agent: false }).then(resolve, reject);
      else reject(error);
    });
    request.end(bytes);
  });
}

/** Reads until the end or the cap, whichever comes first; a connection that dies before either is an error. */
function readAnswer(response: http.IncomingMessage, exchange: Exchange): Promise<Answer> {
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

function answerOf(response: http.IncomingMessage, text: string, secrets: readonly string[]): Answer {
  const retryAfter = response.headers["retry-after"];
  const repeatsSecret = secrets.some((secret) => text.includes(secret));
  return {
    status: response.statusCode ?? 0,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(repeatsSecret ? {} : { excerpt: text.slice(0, EXCERPT_CHARACTERS) }),
  };
}
