import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { LOCAL_DATA_FOLDER } from "../contract/local-run.ts";

/** Where the local runs of the project keep their data: as seen from the folder that a person is in. */
export function localRunsFolder(): string {
  return join(projectFolder(), LOCAL_DATA_FOLDER);
}

/** Where the stacks lie that have been synthesised. */
export function stacksFolder(): string {
  return join(projectFolder(), "cdktf.out", "stacks");
}

/**
 * The project that a person is in, in whatever folder of it; outside of one, the checkout that the command was started
 * from, where genesys-dlq.mjs has named it, or else the folder that they are in.
 */
function projectFolder(): string {
  const here = process.cwd();
  for (let folder = here; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "cdktf.json"))) return relative(here, folder);
    if (dirname(folder) === folder) return process.env["GENESYS_DLQ_CHECKOUT"] ?? "";
  }
}
