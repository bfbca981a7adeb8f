import { defined } from "../../contract/defined.ts";
import { PermanentError } from "../../contract/event/failure.ts";
import { answerText } from "../destination/answer-text.ts";
import { failureText } from "../destination/failure-text.ts";
import { classOfStatus, type DestinationResponse, TransientError } from "../destination/response.ts";
import { isError } from "../runtime/error-name.ts";
import { TimeUpError } from "../runtime/within.ts";

/**
 * How one attempt ended.
 *
 * | what happened | class |
 * |---|---|
 * | 2xx, and a handler that returns | success |
 * | 2xx with an answer over the cap, or that does not end in time | success: the status has said it, and another delivery would not make the answer shorter |
 * | 401, 403, 407 | transient: our credentials, which the destination's own file reads anew once |
 * | 404, 405, 410, 421 | transient: the route |
 * | 3xx | transient: moved, maintenance, a login page; no redirect is followed |
 * | 408, 413 with Retry-After, 425, 426, 429, 5xx | transient |
 * | 1xx and numbers that are no HTTP status | transient: nobody knows |
 * | timeout, DNS, TLS, refused, reset (in the middle of a 2xx too), credentials out of reach, private address | transient |
 * | any other error | transient |
 * | other 4xx, `PermanentError` | permanent, unless many different events are refused alike: contract/verdict.ts |
 * | the message is no envelope | malformed |
 */
export type DeliveryOutcome =
  | { readonly class: "success"; readonly status?: number }
  | ({
      readonly class: "transient";
      readonly retryAfter?: string;
      /** The team's own code went wrong, and nothing that it called. */
      readonly isMistake?: true;
    } & Failure)
  | ({ readonly class: "permanent" } & Failure);

export interface Failure {
  readonly status?: number;
  /** What went wrong, fit for a log line. */
  readonly message: string;
  /** What the destination said: for the dead letter only, since it may repeat the event. */
  readonly detail?: string;
}

/** @param answer absent where a handler took the event. */
export function outcomeOfAnswer(answer: DestinationResponse | undefined): DeliveryOutcome {
  if (answer === undefined) return { class: "success" };
  const { status, retryAfter, excerpt } = answer;
  const outcome = classOfStatus(status, retryAfter);
  if (outcome === "success") return { class: "success", status };
  const failure = {
    status,
    message: answerText(answer),
    ...defined({ detail: excerpt || undefined }),
  };
  if (outcome === "permanent") return { class: "permanent", ...failure };
  return { class: "transient", ...failure, ...defined({ retryAfter }) };
}

/**
 * An unexpected error always means "again", never "gone". What it says may quote the event, so that goes no
 * further than the dead letter.
 */
export function outcomeOfError(error: unknown): DeliveryOutcome {
  if (error instanceof PermanentError) {
    const { message, status } = error;
    return { class: "permanent", message, ...defined({ status }) };
  }
  if (error instanceof TransientError || error instanceof TimeUpError) {
    return { class: "transient", message: error.message };
  }
  const detail = isError(error) ? error.message : "";
  return {
    class: "transient",
    message: `The delivery failed: ${failureText(error)}.`,
    ...(detail === "" ? {} : { detail }),
    ...(isMistake(error) ? { isMistake: true } : {}),
  };
}

/**
 * A mistake in code is one of the event's type, and no outage. With a cause it is not: fetch throws a `TypeError` for
 * whatever goes wrong on the network. Nor is a `SyntaxError`: a destination that is down answers JSON's place with HTML.
 */
function isMistake(error: unknown): boolean {
  if (!isError(error) || error.cause !== undefined) return false;
  return ["TypeError", "ReferenceError", "RangeError"].includes(error.name);
}
