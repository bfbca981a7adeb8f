import { everyFunction as settings } from "../settings/functions.ts";
import { filled, fromSettings, fromStack, text } from "./variable.ts";

/** What every function is told. */
export const everyFunction = {
  /** The environment's name. */
  environment: fromStack(text),
  logLevel: fromSettings(filled(settings.logLevel), ({ logLevel }) => logLevel),
  queueUrl: fromStack(text),
  deadLetterQueueUrl: fromStack(text),
};
