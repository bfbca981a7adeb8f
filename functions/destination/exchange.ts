import type { Agent } from "node:http";
import type { AgentOptions } from "node:https";
import type { Redaction } from "../../contract/redaction/redaction.ts";
import type { DestinationSettings } from "../../contract/variables/destination.ts";
import { publicLookup, refuseLiteral } from "./addresses.ts";
import { Answer } from "./answer.ts";
import type { DestinationResponse } from "./response.ts";

// `import "node:http"` loads undici and HTTP/2 too: 22 to 30 ms of a cold start.
const http = process.getBuiltinModule("node:http");
const https = process.getBuiltinModule("node:https");

/** Sends one request to the destination, and reads its answer. */
export type Exchange = (outgoing: Outgoing) => Promise<DestinationResponse>;

export type HttpSettings = Extract<DestinationSettings, { kind: "http" }>;

/** One request to the destination. */
export interface Outgoing {
  readonly method: "POST" | "HEAD";
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes?: Buffer;
  readonly signal: AbortSignal;
  /** Takes out of an answer what it repeats of the credentials. */
  readonly redaction: Redaction | undefined;
}

interface Request extends Outgoing {
  readonly url: URL;
  readonly settings: HttpSettings;
  readonly connections: Connections;
  /** `false`: a connection of its own. */
  readonly agent: Agent | false;
}

/** How connections to the destination are come by. */
class Connections {
  #agent: Agent | false;

  constructor({ protocol }: URL) {
    const options: AgentOptions = { keepAlive: true };
    this.#agent = protocol === "https:" ? new https.Agent(options) : new http.Agent(options);
  }

  /** Of the next request. */
  get agent(): Agent | false {
    return this.#agent;
  }

  /**
   * The destination has sent what belongs to no answer, and would be taken for the beginning of the next one: from
   * now on each request has a connection of its own.
   */
  noteUntidy({ code }: NodeJS.ErrnoException): void {
    if (code?.startsWith("HPE_")) this.#agent = false;
  }
}

/**
 * Talks to the destination over connections that are kept alive, to public addresses only unless the
 * configuration allows others. No redirect is followed, and no more of an answer is read than is allowed.
 */
export function openExchange(settings: HttpSettings): Exchange {
  const url = new URL(settings.url);
  const connections = new Connections(url);
  return (outgoing) => {
    if (!settings.allowPrivateAddresses) refuseLiteral(url.hostname);
    return send({ ...outgoing, url, settings, connections, agent: connections.agent });
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
    let answer: Answer | undefined;
    request.on("response", (response) => {
      answer = new Answer(response, exchange);
      answer.read().then(resolve, reject);
    });
    request.on("error", (error) => {
      if (answer !== undefined || request.reusedSocket) exchange.connections.noteUntidy(error);
      if (answer !== undefined) {
        answer.broken(error);
        return;
      }
      // The destination closed a connection that lay idle, or said something on it, as this request went out on it.
      const stale = request.reusedSocket && !signal.aborted && agent !== false;
      if (stale) send({ ...exchange, agent: false }).then(resolve, reject);
      else reject(error);
    });
    request.end(bytes);
  });
}
