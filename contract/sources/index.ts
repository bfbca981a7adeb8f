import type { HttpSource } from "../settings.ts";
import { dataAction } from "./data-action.ts";
import { openMessaging } from "./open-messaging.ts";
import type { SourceDefinition } from "./source.ts";
import { webhook } from "./webhook.ts";

/** Every way in over HTTP. `infra/` makes the routes from it, the receiver reads events with it. */
export const sourceDefinitions: Readonly<Record<HttpSource, SourceDefinition>> = {
  webhook,
  "open-messaging": openMessaging,
  "data-action": dataAction,
};
