import { maxMessageBytesOf, ORDINARY_MESSAGE_BYTES } from "../contract/message-size.ts";
import { PROVIDER_OF_RUNTIME } from "../contract/settings/functions.ts";
import { isAtLeast } from "../contract/versions.ts";
import type { EnvironmentSettings } from "./settings.ts";

/** The first that takes `max_message_size` over 262,144. The bindings speak of 6.25. */
const LARGE_MESSAGES_PROVIDER = "6.8.0";
const BEFORE_PROVIDER = "7.0.0";

/** The AWS providers that an environment takes, from the oldest that has everything which its settings use. */
export function providerRange(settings: EnvironmentSettings): string {
  return `>= ${oldestProvider(settings)}, < ${BEFORE_PROVIDER}`;
}

function oldestProvider(settings: EnvironmentSettings): string {
  const ofRuntime = PROVIDER_OF_RUNTIME[settings.runtime];
  if (maxMessageBytesOf(settings) <= ORDINARY_MESSAGE_BYTES) return ofRuntime;
  return isAtLeast(ofRuntime, LARGE_MESSAGES_PROVIDER) ? ofRuntime : LARGE_MESSAGES_PROVIDER;
}
