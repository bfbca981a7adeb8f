import type { HttpSource } from "./sources/index.ts";

/**
 * What `infra/` hands to a function as JSON in one environment variable. Plain types: the function validates
 * what it gets, `infra/` is held to the shape by the compiler.
 */

/** Where an event came from. */
export type Source = HttpSource | "eventbridge";

/** The parameter holds `{"current": "…", "previous"?: "…"}`; only its name is ever configuration. */
export type AuthenticationSettings =
  | { readonly kind: "signature"; readonly encoding: "base64" | "hex"; readonly secretParameter: string }
  | { readonly kind: "shared-secret"; readonly secretParameter: string }
  | { readonly kind: "none" };

export interface SourceSettings {
  readonly source: HttpSource;
  /**
   * How a request proves itself. One entry under `""` for a source with one secret; for open-messaging one
   * entry for each integration id that may call.
   */
  readonly authentication: Readonly<Record<string, AuthenticationSettings>>;
  /** A dot path into the event (`detail.id`) whose value is the dedupe key, in place of the source's own. */
  readonly dedupePath?: string;
}

export type OversizeSettings =
  | { readonly kind: "claim-check" }
  /** Dot paths to drop (`transcripts`, `detail.transcript`) until the event fits the queue; claim check if it still does not. */
  | { readonly kind: "drop-fields"; readonly paths: readonly string[] };

export type CredentialsSettings =
  | { readonly kind: "bearer"; readonly secretParameter: string }
  | { readonly kind: "api-key"; readonly header: string; readonly secretParameter: string }
  /** The parameter holds `user:password`. */
  | { readonly kind: "basic"; readonly secretParameter: string };

export type DestinationSettings =
  | {
      readonly kind: "http";
      readonly url: string;
      readonly timeoutMilliseconds: number;
      readonly maxResponseBytes: number;
      /** Private, loopback and link-local addresses are refused after DNS unless this is true. */
      readonly allowPrivateAddresses: boolean;
      readonly credentials?: CredentialsSettings;
    }
  /** The team's own code: `functions/processor/handlers/`. */
  | {
      readonly kind: "handlers";
      /** What one event may take; 10,000 where it is absent. */
      readonly timeoutMilliseconds?: number;
    };

export interface BackOffSettings {
  readonly baseSeconds: number;
  readonly factor: number;
  readonly capSeconds: number;
}

export interface BreakerSettings {
  /** How many different events have to fail in a row, in one execution environment, before it opens. */
  readonly failingEvents: number;
  /** Pause before the first probe; it doubles with every probe that fails. */
  readonly probeBaseSeconds: number;
  readonly probeCapSeconds: number;
  /** Half-open for so long without a failure counts as closed. */
  readonly settleSeconds: number;
}

export interface RedriveSettings {
  /** How often recovery brings one event back before it leaves it for a person. */
  readonly maxRedrives: number;
  readonly redrivesPerSecond: number;
}
