import { maxMessageBytesOf } from "../message-size.ts";
import { alarms } from "../settings/alarms.ts";
import { breaker } from "../settings/breaker.ts";
import { processor } from "../settings/processor.ts";
import { deadLetterQueue, messageBytes, queue } from "../settings/queues.ts";
import { recovery, redrive } from "../settings/recovery.ts";
import { everyFunction } from "./every-function.ts";
import { filledIn, fromSettings, fromStack, jsonText, numberText, text } from "./variable.ts";

/** What recovery is told, each in an environment variable of that name in capitals. */
export const recoveryVariables = {
  ...everyFunction,
  overflowBucket: fromStack(text),
  stateTable: fromStack(text),
  /** The UUID of the processor's event source mapping. */
  eventSourceMapping: fromStack(text),
  /** The function that delivers what recovery probes with. */
  processorFunction: fromStack(text),
  /** Deliveries that it makes at once: a probe has no more events. */
  batchConcurrency: fromSettings(
    numberText(processor.batchConcurrency),
    (settings) => settings.processor.batchConcurrency,
  ),
  /** Bytes of a message with its attributes, as both queues take it. */
  maxMessageBytes: fromSettings(numberText(messageBytes), maxMessageBytesOf),
  breaker: fromSettings(jsonText(filledIn(breaker)), (settings) => settings.breaker),
  redrive: fromSettings(jsonText(filledIn(redrive)), ({ recovery }) => ({
    maxRedrives: recovery.maxRedrives,
    redrivesPerSecond: recovery.redrivesPerSecond,
  })),
  /** The ARN of the topic where alarms are said. */
  alarmTopic: fromStack(text),
  /** Its own name: where more is to be done, the next run follows at once. */
  recoveryFunction: fromStack(text),
  queueRetentionSeconds: fromSettings(
    numberText(queue.retentionSeconds),
    (settings) => settings.queue.retentionSeconds,
  ),
  deadLetterRetentionSeconds: fromSettings(
    numberText(deadLetterQueue.retentionSeconds),
    (settings) => settings.deadLetterQueue.retentionSeconds,
  ),
  /** Seconds that an event may wait before somebody is notified. */
  oldestEventSeconds: fromSettings(
    numberText(alarms.oldestEventSeconds),
    (settings) => settings.alarms.oldestEventSeconds,
  ),
  /** Seconds that a run may take: its lease lasts as long. */
  timeoutSeconds: fromSettings(
    numberText(recovery.timeoutSeconds),
    (settings) => settings.recovery.timeoutSeconds,
  ),
};
