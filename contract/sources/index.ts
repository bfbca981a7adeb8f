import { dataAction } from "./data-action.ts";
import { openMessaging } from "./open-messaging.ts";
import type { SourceDefinition } from "./source.ts";
import { webhook } from "./webhook.ts";

/**
 * Every way in over HTTP. The configuration's fields, the routes, the secrets and what the receiver accepts
 * follow from a source's file and its line here. How to add one: docs/CONTRIBUTING.md
 */
const definitions = {
  webhook,
  "open-messaging": openMessaging,
  "data-action": dataAction,
} satisfies Readonly<Record<string, SourceDefinition>>;

export type SourceDefinitions = typeof definitions;

/** The sources that come in over HTTP; `eventbridge` puts its events on the queue itself. */
export type HttpSource = keyof SourceDefinitions;

/** Where an event came from. */
export type Source = HttpSource | "eventbridge";

export const sourceDefinitions: Readonly<Record<HttpSource, SourceDefinition>> = definitions;

export const httpSources = Object.keys(definitions) as readonly HttpSource[];
