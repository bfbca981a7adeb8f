import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import type { FunctionName } from "./contract/environment.ts";
import { writeArtifact } from "./infra/artifact.ts";
import { bundle } from "./infra/bundle.ts";
import { readConfiguration } from "./infra/configuration.ts";
import { environments } from "./infra/environments.ts";
import { EventPipelineStack } from "./infra/stack.ts";
import { zip } from "./infra/zip.ts";

/** Synthesises one stack for each environment into `cdktf.out`, or wherever `CDKTF_OUTDIR` says. */
const { settings } = readConfiguration(environments);
const directory = await mkdtemp(join(tmpdir(), "genesys-dlq-"));
try {
  const build = async (name: FunctionName) =>
    writeArtifact(directory, name, zip(await bundle(import.meta.dirname, name)));
  const [receiver, processor] = await Promise.all([build("receiver"), build("processor")]);
  const app = new App();
  for (const [environment, given] of settings) {
    new EventPipelineStack(app, environment, given, { receiver, processor });
  }
  app.synth();
} finally {
  await rm(directory, { recursive: true, force: true });
}
