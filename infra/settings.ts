import type { EnvironmentSettings } from "../contract/settings/environment.ts";

export {
  type EnvironmentInput,
  type EnvironmentSettings,
  environmentSchema,
} from "../contract/settings/environment.ts";

/** What is said of Genesys' EventBridge integration. */
export type EventBridgeSettings = NonNullable<EnvironmentSettings["sources"]["eventbridge"]>;
