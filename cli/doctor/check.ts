import type { Environment } from "../environment/environment.ts";
import type { GenesysClient } from "../genesys/client.ts";
import type { CheckResult } from "./check-result.ts";

/** What the checks look at. */
export interface CheckTarget {
  readonly environment: Environment;
  /** Nothing where no credentials for Genesys are given. */
  readonly genesys: (() => Promise<GenesysClient>) | undefined;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/** Looks at one part, and changes nothing. What it throws becomes a finding. */
export interface Check {
  readonly name: string;
  readonly run: (target: CheckTarget) => Promise<readonly CheckResult[]>;
}
