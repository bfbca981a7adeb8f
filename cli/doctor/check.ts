import type { Environment } from "../environment/environment.ts";
import type { GenesysClient } from "../genesys/client.ts";
import type { Finding } from "./finding.ts";

/** What the checks look at. */
export interface Patient {
  readonly environment: Environment;
  /** Nothing where no credentials for Genesys are given. */
  readonly genesys: (() => Promise<GenesysClient>) | undefined;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/** Looks at one part, and changes nothing. What it throws becomes a finding. */
export interface Check {
  readonly name: string;
  readonly run: (patient: Patient) => Promise<readonly Finding[]>;
}
