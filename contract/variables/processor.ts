import { maxMessageBytesOf } from "../message-size.ts";
import { breaker } from "../settings/breaker.ts";
import { limited } from "../settings/number.ts";
import { backOff, idempotency, processor } from "../settings/processor.ts";
import { messageBytes, queue } from "../settings/queues.ts";
import { destination } from "./destination.ts";
import { everyFunction } from "./every-function.ts";
import { filledIn, fromSettings, fromStack, jsonText, numberText, text } from "./variable.ts";

const pauseMilliseconds = limited({
  minimum: 0,
  maximum: 10_000_000, // the most invocations at the least pace
  unit: "ms",
  source: "this pipeline",
});

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
  /** Milliseconds between two deliveries of one invocation: its share of what the destination takes. 0: none. */
  pauseMilliseconds: fromSettings(numberText(pauseMilliseconds), ({ processor: settings }) =>
    settings.deliveriesPerSecond === undefined
      ? 0
      : Math.ceil((settings.maximumConcurrency * 1_000) / settings.deliveriesPerSecond),
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
