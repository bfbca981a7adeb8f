import { maxMessageBytesOf } from "../message-size.ts";
import { breaker } from "../settings/breaker.ts";
import { backOff, idempotency, processor } from "../settings/processor.ts";
import { messageBytes, queue } from "../settings/queues.ts";
import { destination } from "./destination.ts";
import { everyFunction } from "./every-function.ts";
import { filledIn, fromSettings, fromStack, jsonText, numberText, text } from "./variable.ts";

/** What the processor is told, each in an environment variable of that name in capitals. */
export const processorVariables = {
  ...everyFunction,
  /** The redrive policy's: the receive on which a transient failure is the last. */
  maxReceiveCount: fromSettings(
    numberText(queue.maxReceiveCount),
    (settings) => settings.queue.maxReceiveCount,
  ),
  /** Bytes of a message with its attributes, as both queues take it. */
  maxMessageBytes: fromSettings(numberText(messageBytes), maxMessageBytesOf),
  destination: fromStack(jsonText(destination)),
  backOff: fromSettings(jsonText(filledIn(backOff)), (settings) => settings.backOff),
  /** Where claim checks lie; an envelope may name any other bucket, and is not followed there. */
  overflowBucket: fromStack(text),
  batchConcurrency: fromSettings(
    numberText(processor.batchConcurrency),
    (settings) => settings.processor.batchConcurrency,
  ),
  stateTable: fromStack(text),
  idempotencySeconds: fromSettings(
    numberText(idempotency.windowSeconds),
    (settings) => settings.idempotency.windowSeconds,
  ),
  breaker: fromSettings(jsonText(filledIn(breaker)), (settings) => settings.breaker),
  /** The function that acts on an open breaker. */
  recoveryFunction: fromStack(text),
};
