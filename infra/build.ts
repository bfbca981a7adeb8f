import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FunctionName } from "../contract/environment.ts";
import { type Artifact, writeArtifact } from "./artifact.ts";
import { type Bundle, bundle, bundleWithMaps } from "./bundle.ts";
import { zip } from "./zip.ts";

export type Artifacts = Readonly<Record<FunctionName, Artifact>>;

const NAMES = ["receiver", "processor", "recovery"] as const;

/**
 * Bundles and zips all functions of the repository at `root` into `directory`.
 *
 * @param mapsInto a folder for source maps. @default none are made
 */
export async function buildArtifacts(root: string, directory: string, mapsInto?: string): Promise<Artifacts> {
  const bundles = await (mapsInto === undefined ? bundle(root, NAMES) : bundleInto(root, mapsInto));
  const write = (name: FunctionName) => writeArtifact(directory, name, zip(bundles[name]));
  const [receiver, processor, recovery] = await Promise.all([
    write("receiver"),
    write("processor"),
    write("recovery"),
  ]);
  return { receiver, processor, recovery };
}

async function bundleInto(root: string, mapsInto: string): Promise<Readonly<Record<FunctionName, Bundle>>> {
  const { bundles, sourceMaps } = await bundleWithMaps(root, NAMES);
  await mkdir(mapsInto, { recursive: true });
  for (const [name, map] of sourceMaps) await writeFile(join(mapsInto, name), map);
  return bundles;
}
