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
 * | 408, 425, 429, 5xx | transient |
 * | 1xx and numbers that are no HTTP status | transient: nobody knows |
 * | timeout, DNS, TLS, refused, reset (in the middle of a 2xx too), credentials out of reach, private address | transient |
 * | any other error | transient |
 * | 3xx, other 4xx, `PermanentError` | permanent |
 * | the message is no envelope | malformed |
 */
export type DeliveryOutcome =
  | { readonly class: "success"; readonly status?: number }
  | ({ readonly class: "transient"; readonly retryAfter?: string } & Failure)
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
  const outcome = classOfStatus(status);
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
  };
}
