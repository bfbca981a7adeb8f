import { mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { defined } from "../../contract/defined.ts";
import { synthesise } from "../../terraform/synthesise.ts";
import { digestInputs } from "./inputs.ts";
import { keepSynthesis, readSynthesis, type Synthesis, sourceMapsIn } from "./kept-synthesis.ts";

/** Beside the packages: who installs them anew synthesises anew, and git ignores it. */
const KEPT = "node_modules/.cache/genesys-dlq/stacks";

/**
 * The stacks of a checkout as it is now. It is synthesised, unless an earlier synthesis had the very same inputs. What
 * any command does in `cdktf.out` changes nothing here.
 *
 * @param environment the variables that synth gets
 * @throws {CommandError} where the configuration is not usable
 * @throws the signal's reason
 */
export async function latestSynthesis(
  checkout: string,
  environment: Readonly<NodeJS.ProcessEnv>,
  interrupted?: AbortSignal,
): Promise<Synthesis> {
  const kept = join(checkout, KEPT);
  const inputs = await digestInputs(checkout, environment);
  const found = inputs === undefined ? undefined : await readSynthesis(join(kept, inputs), checkout);
  if (found !== undefined) return found;
  await mkdir(kept, { recursive: true });
  const folder = await mkdtemp(join(kept, "under-way-"));
  const sourceMaps = sourceMapsIn(folder);
  const warnings = await synthesise({ checkout, output: folder, sourceMaps, ...defined({ interrupted }) });
  const synthesis = { folder, sourceMaps, warnings };
  // Where somebody has saved a file meanwhile, nobody knows what this was made from: it is used once.
  const unchanged = inputs !== undefined && inputs === (await digestInputs(checkout, environment));
  return unchanged ? keepSynthesis(synthesis, join(kept, inputs), checkout) : synthesis;
}
