import { CommandError } from "../contract/command-error.ts";
import type { EnvironmentSettings } from "../contract/settings/environment.ts";
import { readConfiguration } from "../infra/configuration.ts";
import { environments } from "../infra/environments.ts";

/** An environment as the team has configured it, deployed or not. @throws {CommandError} where that is not usable */
export function configuredSettings(name: string): EnvironmentSettings {
  try {
    const settings = readConfiguration(environments).environments.get(name);
    if (settings !== undefined) return settings;
  } catch (error) {
    throw new CommandError(
      (error as Error).message,
      "Put infra/environments.ts right: node main.ts checks it.",
    );
  }
  throw new CommandError(
    `There is no environment "${name}".`,
    "infra/environments.ts has those that there are.",
  );
}
