import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PROVIDER_OF_RUNTIME } from "../../contract/settings/functions.ts";
import { isAtLeast } from "../../contract/versions.ts";

const environments = `import { environments as team } from "./team-environments.ts";
import type { EnvironmentInput } from "./settings.ts";

export const environments: Record<string, EnvironmentInput> = Object.fromEntries(
  Object.entries(team).map(([name, settings]) => [name, { ...settings, runtime: "nodejs22.x" }]),
);
`;

/**
 * Makes a copy of the project say `nodejs22.x` in every environment, where the provider at hand does not know
 * `nodejs24.x` yet. The stack is the same otherwise.
 *
 * @param provider the version at hand, or `undefined` where Terraform fetches the newest
 */
export async function useKnownRuntime(copy: string, provider: string | undefined): Promise<void> {
  if (runtimeNote(provider) === undefined) return;
  const file = join(copy, "infra", "environments.ts");
  await rename(file, join(copy, "infra", "team-environments.ts"));
  await writeFile(file, environments);
}

/** Which runtime a copy has in place of the stack's, and why; `undefined` where it has the stack's own. */
export function runtimeNote(provider: string | undefined): string | undefined {
  if (provider === undefined || isAtLeast(provider, PROVIDER_OF_RUNTIME["nodejs24.x"])) return undefined;
  return `the functions' runtime is nodejs22.x here: AWS provider ${provider} does not know nodejs24.x yet`;
}
