import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";

/** Unpacks a function's zip, as it would be uploaded, into a folder of its own. */
export async function unpack(zip: string, into: string): Promise<void> {
  for (const [name, bytes] of Object.entries(unzipSync(await readFile(zip)))) {
    if (name.endsWith("/")) continue;
    const path = join(into, name);
    if (!path.startsWith(join(into, "/"))) throw new Error(`${zip}: ${name} leads out of its folder.`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
}
