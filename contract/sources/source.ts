import type { Scalar } from "../event/raw-json.ts";

/** A parsed JSON object, as a source sees it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What a source reads out of an event. Absent means: the event does not say. */
export interface EventFacts {
  /** What the sender tells its events apart by, where it does. */
  readonly identity?: readonly Scalar[];
  readonly eventType?: string;
  readonly conversationId?: string;
  /** Whom it claims to come from, where a source has several integrations. It proves nothing. */
  readonly claimedIntegrations?: readonly string[];
  /** ISO 8601, UTC: `utcTime` makes it. */
  readonly occurredAt?: string;
  readonly webhookId?: string;
  readonly webhookName?: string;
}

/** One way in: its route, how it may authenticate, and what its events look like. */
export interface SourceDefinition {
  /** Its name in the configuration and in every envelope. */
  readonly source: string;
  /** An API Gateway v2 route path; a parameter in braces is named by `integrationParameter`. */
  readonly path: `/${string}`;
  /** The path parameter that picks the secret, where a source has one secret per integration. */
  readonly integrationParameter?: string;
  readonly authentication: "signature" | "shared-secret";
  /** Whether its events have an id of their own, so that identity need not be made. */
  readonly ownId: boolean;
  /** Whether a browser may call it: a CORS preflight is answered for its path. */
  readonly cors: boolean;
  /** `undefined`: not the expected shape, so the event is malformed. */
  readonly describe: (event: JsonObject) => EventFacts | undefined;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value if it is a string with something in it. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
