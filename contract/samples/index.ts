import type { Source } from "../sources/index.ts";
import { dataActionSample } from "./data-action.ts";
import { eventBridgeSample } from "./eventbridge.ts";
import { openMessagingSample } from "./open-messaging.ts";
import type { Sample } from "./sample.ts";
import { webhookSample } from "./webhook.ts";

/** What an event of each source may look like: for a first try, and for tests by hand. */
export const samples: Readonly<Record<Source, Sample>> = {
  webhook: webhookSample,
  "open-messaging": openMessagingSample,
  "data-action": dataActionSample,
  eventbridge: eventBridgeSample,
};
