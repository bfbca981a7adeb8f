import { createHash } from "node:crypto";
import type { Source } from "../sources/index.ts";

/**
 * The head of an envelope: everything but the event itself. `received_at`, `webhook_id` and `webhook_name`
 * keep the tutorial's names, so that a consumer written for it goes on working.
 */
export interface EnvelopeHead {
  readonly version: 1;
  /** The dedupe key: the same across retries, redrives and re-deliveries by Genesys. */
  readonly id: string;
  readonly source: Source;
  /** The integration that has proved itself, whatever the event says; absent where the source has one sender. */
  readonly integration_id?: string;
  /** ISO 8601, UTC. */
  readonly received_at: string;
  readonly webhook_id: string | null;
  readonly webhook_name: string | null;
  readonly event_type: string | null;
  readonly conversation_id: string | null;
  readonly occurred_at: string | null;
  /**
   * SHA-256, hex, of the bytes that the destination is owed: the raw ones, or what was left of them where
   * fields were dropped.
   */
  readonly body_sha256: string;
  /** The sender's `Content-Encoding`, where the bytes are no JSON as they are; the destination gets it, too. */
  readonly content_encoding?: string;
  /** Dot paths that were dropped to fit the queue; the payload is then no longer what Genesys signed. */
  readonly dropped_fields?: readonly string[];
}

/** Where a claim-checked event lies. */
export interface PayloadRef {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: number;
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
