import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildArtifacts } from "./build.ts";

/** Where a synthesis reads, and where it writes to. */
export interface SynthesisFolders {
  /** The repository's root. */
  readonly root: string;
  /** @default `cdktf.out`, or wherever `CDKTF_OUTDIR` says */
  readonly output?: string | undefined;
  /** For the functions' source maps: the local run asks for them. @default none are made */
  readonly sourceMaps?: string | undefined;
}

/**
 * Synthesises one stack for each environment. esbuild works in processes of its own: it is asked first, and all that a
 * stack is made with, half a second's load, comes in meanwhile.
 *
 * @throws {ConfigurationError} where the configuration is not usable
 * @throws with esbuild's own report where the functions do not build
 */
export async function synthesise({ root, output, sourceMaps }: SynthesisFolders): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "genesys-dlq-"));
  const building = buildArtifacts(root, directory, sourceMaps);
  try {
    building.catch(() => {}); // told below, after what is wrong with the configuration
    const { readEnvironments } = await import("./read-environments.ts");
    const configured = await readEnvironments(root);
    const { writeStacks } = await import("./write-stacks.ts");
    await writeStacks(configured, await building, output);
  } finally {
    await Promise.allSettled([building]);
    await rm(directory, { recursive: true, force: true });
  }
}
