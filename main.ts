import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildArtifacts } from "./infra/build.ts";
import { ConfigurationError, readConfiguration } from "./infra/configuration.ts";
import { environments } from "./infra/environments.ts";

/** Synthesises one stack for each environment into `cdktf.out`, or wherever `CDKTF_OUTDIR` says. */
async function synthesise(): Promise<void> {
  const configuration = readConfiguration(environments);
  for (const warning of configuration.warnings) process.stderr.write(`Warning: ${warning}\n`);
  const directory = await mkdtemp(join(tmpdir(), "genesys-dlq-"));
  try {
    // esbuild works in a process of its own: cdktf, half a second's load, comes in meanwhile.
    const building = buildArtifacts(import.meta.dirname, directory);
    const [{ App }, { EventPipelineStack }, artifacts] = await Promise.all([
      import("cdktf"),
      import("./infra/stack.ts"),
      building,
    ]);
    const app = new App();
    for (const [environment, settings] of configuration.environments) {
      new EventPipelineStack(app, environment, settings, artifacts);
    }
    app.synth();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

try {
  await synthesise();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
