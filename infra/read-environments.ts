import { type Configuration, ConfigurationError, readConfiguration } from "./configuration.ts";
import { lockFinding, readLock } from "./provider-lock.ts";
import { providerRange } from "./provider-range.ts";

export interface Configured {
  readonly environments: Configuration["environments"];
  /** Terraform's lock file, where the team has committed one. */
  readonly lock: string | undefined;
}

/**
 * The team's environments; warnings are told on the way.
 *
 * @param root the repository's root
 * @throws {ConfigurationError} where they are not usable
 */
export async function readEnvironments(root: string): Promise<Configured> {
  const { environments: given } = await import("./environments.ts");
  const { environments, warnings } = readConfiguration(given);
  for (const warning of warnings) process.stderr.write(`Warning: ${warning}\n`);
  const lock = await readLock(root);
  if (lock !== undefined) checkLock(lock, environments);
  return { environments, lock };
}

/** @throws {ConfigurationError} where the version that the team has locked is none that the settings take */
function checkLock(lock: string, environments: Configured["environments"]): void {
  const wrong = [...environments].flatMap(([environment, settings]) => {
    const finding = lockFinding(lock, providerRange(settings));
    return finding === undefined ? [] : [`${environment}: ${finding}`];
  });
  if (wrong.length > 0) throw new ConfigurationError(wrong);
}
