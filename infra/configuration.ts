import { type EnvironmentInput, type EnvironmentSettings, environmentSchema } from "./settings.ts";

/** @throws {ConfigurationError} with every finding of every environment */
export function readConfiguration(environments: Readonly<Record<string, EnvironmentInput>>) {
  const settings = new Map<string, EnvironmentSettings>();
  for (const [name, input] of Object.entries(environments))
    settings.set(name, environmentSchema.parse(input));
  return { settings };
}
