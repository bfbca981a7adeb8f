import { MESSAGE_HEADROOM_BYTES, maxMessageBytesOf } from "../message-size.ts";
import { messageBytes } from "../settings/queues.ts";
import { onOversize, secrets } from "../settings/receiver.ts";
import { everyFunction } from "./every-function.ts";
import { sources } from "./sources.ts";
import { converted, fromSettings, fromStack, jsonText, numberText, text } from "./variable.ts";

const lessHeadroom = (bytes: number) => bytes - MESSAGE_HEADROOM_BYTES;

/** What the receiver is told, each in an environment variable of that name in capitals. */
export const receiverVariables = {
  ...everyFunction,
  overflowBucket: fromStack(text),
  /** Bytes that a message may have, counted as SQS counts them, attributes included. */
  maxMessageBytes: fromSettings(numberText(converted(messageBytes, "bytes", lessHeadroom)), (settings) =>
    lessHeadroom(maxMessageBytesOf(settings)),
  ),
  sources: fromStack(jsonText(sources)),
  onOversize: fromSettings(jsonText(onOversize), (settings) => settings.onOversize),
  secretRefreshSeconds: fromSettings(
    numberText(secrets.secretRefreshSeconds),
    (settings) => settings.secretRefreshSeconds,
  ),
};
