import { mkdtemp, rm } from "node:fs/promises";
import { enableCompileCache } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildArtifacts } from "./infra/build.ts";
import { type Configuration, ConfigurationError, readConfiguration } from "./infra/configuration.ts";
import { explainError } from "./infra/explain-error.ts";
import { lockFinding, lockStack, readLock } from "./infra/provider-lock.ts";
import { providerRange } from "./infra/provider-range.ts";
import { writeScannerFiles } from "./infra/scanner-files.ts";

/** What V8 has made of the packages' code; git ignores it. */
const COMPILED = "node_modules/.cache/genesys-dlq/compiled";

interface Folders {
  /** @default `cdktf.out`, or wherever `CDKTF_OUTDIR` says */
  readonly output?: string | undefined;
  /** For the functions' source maps: the local run asks for them. @default none are made */
  readonly "source-maps"?: string | undefined;
}

/** Synthesises one stack for each environment. */
async function synthesise({ output, "source-maps": sourceMaps }: Folders): Promise<void> {
  const { environments } = await import("./infra/environments.ts");
  const configuration = readConfiguration(environments);
  for (const warning of configuration.warnings) process.stderr.write(`Warning: ${warning}\n`);
  const lock = await readLock(import.meta.dirname);
  if (lock !== undefined) checkLock(lock, configuration.environments);
  const directory = await mkdtemp(join(tmpdir(), "genesys-dlq-"));
  try {
    // esbuild works in a process of its own: cdktf, half a second's load, comes in meanwhile, compiled once for all.
    enableCompileCache(join(import.meta.dirname, COMPILED));
    const building = buildArtifacts(import.meta.dirname, directory, sourceMaps);
    const [{ App }, { EventPipelineStack }, artifacts] = await Promise.all([
      import("cdktf"),
      import("./infra/stack.ts"),
      building,
    ]);
    const app = new App(output === undefined ? {} : { outdir: output });
    for (const [environment, settings] of configuration.environments) {
      new EventPipelineStack(app, environment, settings, artifacts);
    }
    app.synth();
    for (const environment of configuration.environments.keys())
      await writeScannerFiles(join(app.outdir, "stacks", environment));
    for (const [environment, settings] of lock === undefined ? [] : configuration.environments) {
      await lockStack(lock ?? "", join(app.outdir, "stacks", environment), providerRange(settings));
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** @throws {ConfigurationError} where the version that the team has locked is none that the settings take */
function checkLock(lock: string, all: Configuration["environments"]): void {
  const wrong = [...all].flatMap(([environment, settings]) => {
    const finding = lockFinding(lock, providerRange(settings));
    return finding === undefined ? [] : [`${environment}: ${finding}`];
  });
  if (wrong.length > 0) throw new ConfigurationError(wrong);
}

try {
  const options = { output: { type: "string" }, "source-maps": { type: "string" } } as const;
  await synthesise(parseArgs({ options }).values);
} catch (error) {
  process.stderr.write(`${await explainError(error, import.meta.dirname)}\n`);
  process.exitCode = 1;
}
