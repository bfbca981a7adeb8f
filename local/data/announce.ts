import { rm } from "node:fs/promises";
import { join } from "node:path";
import { LOCAL_RUN_FILE, type LocalRunFacts } from "../../contract/local-run.ts";
import type { LocalCloud } from "../cloud/cloud.ts";
import type { LocalStack } from "../stack/model.ts";
import { writeWhole } from "../write-file.ts";

interface Announced {
  /** The environment's. */
  readonly name: string;
  readonly url: string;
  readonly stack: LocalStack;
  /** Where the AWS services answer. */
  readonly cloud: Pick<LocalCloud, "url" | "region" | "accessKeys">;
}

/**
 * Writes down where a run is to be found and by which key, for the operator's command: for its owner's eyes.
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
    accessKeyId: run.cloud.accessKeys.operator,
    region: run.cloud.region,
    outputs: run.stack.outputs,
  };
  await writeWhole(path, `${JSON.stringify(facts, null, 2)}\n`);
  return () => rm(path, { force: true });
}
