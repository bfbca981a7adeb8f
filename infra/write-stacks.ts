import { join } from "node:path";
import { App } from "cdktf";
import type { Artifacts } from "./build.ts";
import { lockStack } from "./provider-lock.ts";
import { providerRange } from "./provider-range.ts";
import type { Configured } from "./read-environments.ts";
import { writeScannerFiles } from "./scanner-files.ts";
import { EventPipelineStack } from "./stack.ts";

/**
 * Writes a stack for each environment.
 *
 * @param output a folder. @default `cdktf.out`, or wherever `CDKTF_OUTDIR` says
 */
export async function writeStacks(
  { environments, lock }: Configured,
  artifacts: Artifacts,
  output?: string,
): Promise<void> {
  const app = new App(output === undefined ? {} : { outdir: output });
  for (const [environment, settings] of environments)
    new EventPipelineStack(app, environment, settings, artifacts);
  app.synth();
  for (const [environment, settings] of environments) {
    const folder = join(app.outdir, "stacks", environment);
    await writeScannerFiles(folder);
    if (lock !== undefined) await lockStack(lock, folder, providerRange(settings));
  }
}
