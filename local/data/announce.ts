import { rm } from "node:fs/promises";
import { join } from "node:path";
import { LOCAL_RUN_FILE, type LocalRunFacts } from "../../contract/local-run.ts";
import type { LocalStack } from "../stack/model.ts";
import { writeWhole } from "../write-file.ts";

interface Announced {
  /** The environment's. */
  readonly name: string;
  readonly url: string;
  readonly stack: LocalStack;
  /** Where the AWS services answer. */
  readonly cloud: { readonly url: string; readonly region: string };
}

/**
 * Writes down where a run is to be found, for the operator's command.
 *
 * @returns what takes it back
 */
export async function announce(folder: string, run: Announced): Promise<() => Promise<void>> {
  const path = join(folder, LOCAL_RUN_FILE);
  const facts: LocalRunFacts = {
    pid: process.pid,
    environment: run.name,
    url: run.url,
    cloudUrl: run.cloud.url,
    region: run.cloud.region,
    outputs: run.stack.outputs,
  };
  await writeWhole(path, `${JSON.stringify(facts, null, 2)}\n`);
  return () => rm(path, { force: true });
}
