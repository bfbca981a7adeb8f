import { retryAfterSeconds } from "../../contract/retry-after.ts";
import type { ProcessorSettings } from "./settings.ts";

/** SQS hides a message for at most 12 h from its receive; asking for more is an error, not a clamp. */
const MAX_HIDDEN_SECONDS = 12 * 3600;
/**
 * The receive lies before the invocation by as much as the longest batching window (300 s), and the function
 * does not see when it was. The same again for clocks that disagree.
 */
const RECEIVE_UNCERTAINTY_SECONDS = 600;

type BackOffSettings = ProcessorSettings["backOff"];

export interface BackOffInput extends BackOffSettings {
  /** This receive's number, from 1: a redrive starts afresh, since the destination is well by then. */
  readonly receiveCount: number;
  /** The `Retry-After` header as it came. */
  readonly retryAfter?: string;
  /** When the invocation that holds the message started. */
  readonly invokedAt: Date;
  readonly now: Date;
  /** From 0 up to, but not including, 1. */
  readonly random: number;
}

/**
 * Whole seconds until the next attempt: exponential with full jitter, so that a thousand events that failed
 * together do not come back together. `Retry-After` is a minimum, goes over the cap, and has one of its own.
 */
export function backOffSeconds(input: BackOffInput): number {
  const { baseSeconds, factor, capSeconds, retryAfterCapSeconds, receiveCount, random } = input;
  const ceiling = Math.min(capSeconds, baseSeconds * factor ** (receiveCount - 1));
  const jittered = Math.min(Math.floor(ceiling), Math.floor(random * (Math.floor(ceiling) + 1)));
  const requested = Math.min(retryAfterSeconds(input.retryAfter, input.now) ?? 0, retryAfterCapSeconds);
  const spent = Math.max(0, Math.ceil((input.now.getTime() - input.invokedAt.getTime()) / 1000));
  const allowed = Math.max(0, MAX_HIDDEN_SECONDS - RECEIVE_UNCERTAINTY_SECONDS - spent);
  return Math.min(Math.max(jittered, requested), allowed);
}
