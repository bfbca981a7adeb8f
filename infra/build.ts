import type { FunctionName } from "../contract/environment.ts";
import { type Artifact, writeArtifact } from "./artifact.ts";
import { bundle } from "./bundle.ts";
import { zip } from "./zip.ts";

export type Artifacts = Readonly<Record<FunctionName, Artifact>>;

/** Bundles and zips all functions of the repository at `root` into `directory`. */
export async function buildArtifacts(root: string, directory: string): Promise<Artifacts> {
  const bundles = await bundle(root, ["receiver", "processor", "recovery"]);
  const write = (name: FunctionName) => writeArtifact(directory, name, zip(bundles[name]));
  const [receiver, processor, recovery] = await Promise.all([
    write("receiver"),
    write("processor"),
    write("recovery"),
  ]);
  return { receiver, processor, recovery };
}
