import type { IncomingMessage } from "node:http";
import { defined } from "../../contract/defined.ts";
import type { Redaction } from "../../contract/redaction/redaction.ts";
import { locationText } from "./answer-text.ts";
import { type DestinationResponse, TransientError } from "./response.ts";

const EXCERPT_CHARACTERS = 200; // what a person needs to see of an answer
const LOOKED_AT_CHARACTERS = 4_096; // enough for that many, however they are spelled

/** What an answer is read by. */
interface Reading {
  readonly signal: AbortSignal;
  /** Takes out of an answer what it repeats of the credentials. */
  readonly redaction: Redaction | undefined;
  readonly settings: { readonly maxResponseBytes: number };
}

/**
 * An answer, from the moment when its head is there. The status is known then, and decides:
 *
 * - it is read until its end, the cap, or the end of the time, and counts whichever comes first;
 * - what follows on the connection after a complete answer (bytes that do not belong to it) changes nothing;
 * - a connection that breaks off before its end is an error for a 2xx alone, since nobody knows whether the
 *   destination has done its work; of any other answer, status and Retry-After are kept.
 */
export class Answer {
  readonly #response: IncomingMessage;
  readonly #reading: Reading;
  readonly #chunks: Buffer[] = [];
  #brokenBy: Error | undefined;

  constructor(response: IncomingMessage, reading: Reading) {
    this.#response = response;
    this.#reading = reading;
  }

  /** What has gone wrong on the connection since the head came; the response's own error says less. */
  broken(error: Error): void {
    this.#brokenBy ??= error;
  }

  /** @throws what broke off a 2xx before its end */
  read(): Promise<DestinationResponse> {
    const response = this.#response;
    const { signal, settings } = this.#reading;
    return new Promise((resolve, reject) => {
      const done = () => resolve(this.#soFar());
      const brokenOff = (error: Error) => {
        if (response.complete || !isSuccess(response)) done();
        else reject(this.#brokenBy ?? error);
      };
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        this.#chunks.push(chunk.subarray(0, Math.max(0, settings.maxResponseBytes - size)));
        size += chunk.length;
        if (size <= settings.maxResponseBytes) return;
        done();
        response.destroy();
      });
      response.on("end", done);
      response.on("error", brokenOff);
      response.on("close", () =>
        brokenOff(new TransientError("The destination closed the connection in mid-answer.")),
      );
      signal.addEventListener("abort", done);
    });
  }

  #soFar(): DestinationResponse {
    const { headers, statusCode: status = 0 } = this.#response;
    const clean = (said: string) => this.#reading.redaction?.scrub(said) ?? said;
    const location = status >= 300 && status <= 399 ? locationText(headers.location ?? "") : undefined;
    const beginning = isSuccess(this.#response) ? undefined : Buffer.concat(this.#chunks).toString();
    return {
      status,
      ...defined({
        retryAfter: headers["retry-after"],
        location: location && clean(location),
        excerpt: beginning && clean(beginning.slice(0, LOOKED_AT_CHARACTERS)).slice(0, EXCERPT_CHARACTERS),
      }),
    };
  }
}

function isSuccess({ statusCode: status = 0 }: IncomingMessage): boolean {
  return status >= 200 && status <= 299;
}
