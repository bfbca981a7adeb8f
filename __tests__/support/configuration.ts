import { ConfigurationError, readConfiguration } from "../../infra/configuration.ts";
import { valueAt } from "../../infra/finding.ts";
import type { EnvironmentInput } from "../../infra/settings.ts";
import { leastInput } from "./synthesise.ts";

/** What is found wrong, one line each; none where it is usable. */
export function findings(inputs: Record<string, EnvironmentInput>): readonly string[] {
  try {
    readConfiguration(inputs);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.findings;
    throw error;
  }
}

/** What is allowed and should not go unnoticed, one line each. */
export function warnings(inputs: Record<string, EnvironmentInput>): readonly string[] {
  return readConfiguration(inputs).warnings;
}

/** The input, with one value set at a dotted path. */
export function withValue(
  path: string,
  value: unknown,
  input: EnvironmentInput = leastInput,
): EnvironmentInput {
  const keys = path.split(".");
  const set = (owner: unknown, [key = "", ...rest]: string[]): unknown => ({
    ...(owner as object | undefined),
    [key]: rest.length === 0 ? value : set(valueAt(owner, [key]), rest),
  });
  return set(input, keys) as EnvironmentInput;
}
