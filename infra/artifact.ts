import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A function's code, zipped, as a file. */
export interface Artifact {
  readonly path: string;
  /** What Lambda calls `CodeSha256` and Terraform `source_code_hash`. */
  readonly sha256Base64: string;
  readonly sha256Hex: string;
}

export async function writeArtifact(directory: string, name: string, zip: Uint8Array): Promise<Artifact> {
  const path = join(directory, `${name}.zip`);
  await writeFile(path, zip);
  const hash = createHash("sha256").update(zip).digest();
  return { path, sha256Base64: hash.toString("base64"), sha256Hex: hash.toString("hex") };
}
