import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../../contract/command-error.ts";
import { defined } from "../../contract/defined.ts";
import { LOCAL_LOGS_FOLDER } from "../../contract/local-run.ts";
import { nearest } from "../../contract/nearest.ts";
import { fromTerraformOutputs } from "../../contract/outputs.ts";
import { type HttpSource, sourceDefinitions } from "../../contract/sources/index.ts";
import { stacksFolder } from "../project-folder.ts";
import { Environment } from "./environment.ts";
import { type FoundRun, findLocalRuns } from "./local-run.ts";
import { readOutputsFile } from "./outputs-file.ts";

export interface Wanted {
  readonly environment?: string;
  readonly outputs?: string;
  readonly local?: boolean;
  readonly data?: string;
  readonly region?: string;
  readonly profile?: string;
}

/**
 * The environment that the options name; without any, the local run.
 *
 * @throws {CommandError} saying where it looked and what to give
 */
export async function findEnvironment(wanted: Wanted): Promise<Environment> {
  if (wanted.local || wanted.data !== undefined) return localRun(wanted);
  if (wanted.outputs !== undefined) {
    return deployed(await readOutputsFile(wanted.outputs, wanted.environment), wanted);
  }
  if (wanted.environment !== undefined) {
    const { askTerraform } = await import("./terraform.ts"); // most commands need no Terraform
    return deployed(await askTerraform(await stackOf(wanted.environment), wanted), wanted);
  }
  return localRun(wanted);
}

/** Where an environment's `cdk.tf.json` is. @throws {UsageError} where none of that name has been synthesised */
async function stackOf(environment: string): Promise<string> {
  const stacks = await synthesised();
  if (stacks.length === 0 || stacks.includes(environment)) return join(stacksFolder(), environment);
  const meant = nearest(environment, stacks);
  throw new UsageError(
    `There is no environment "${environment}".`,
    meant === undefined
      ? `Synthesised here: ${stacks.join(", ")}. npm run synth writes others; or give its outputs with --outputs FILE.`
      : `Did you mean ${meant}? Synthesised here: ${stacks.join(", ")}.`,
  );
}

async function synthesised(): Promise<string[]> {
  return (await readdir(stacksFolder()).catch(() => [])).sort();
}

function deployed(values: Readonly<Record<string, unknown>>, { region, profile }: Wanted): Environment {
  const outputs = readOutputs(values);
  return new Environment("deployed", outputs, {
    region: region ?? outputs.region,
    ...defined({ profile }),
  });
}

async function localRun(wanted: Wanted): Promise<Environment> {
  const found = await findLocalRuns(wanted.data);
  const runs = found.filter(
    (run) => run.alive && (wanted.environment === undefined || run.facts.environment === wanted.environment),
  );
  const [run, second] = runs;
  if (second !== undefined) {
    throw new UsageError(
      `There are ${runs.length} local runs: ${runs.map(({ folder }) => folder).join(", ")}.`,
      "Name one of them with --data.",
    );
  }
  if (run === undefined) throw await nothingHere(wanted, found);
  const { cloudUrl, accessKeyId, region, url } = run.facts;
  const outputs = readOutputs(run.facts.outputs);
  const sources = Object.keys(outputs.urls) as HttpSource[];
  // A custom domain's address leads to what is deployed.
  const urls = Object.fromEntries(
    sources.map((source) => [source, `${url}${sourceDefinitions[source].path}`]),
  );
  const account = { region, endpoint: cloudUrl, accessKeyId, ...defined({ data: wanted.data }) };
  return new Environment("local", { ...outputs, urls }, account, {
    logsFolder: join(run.folder, LOCAL_LOGS_FOLDER),
  });
}

async function nothingHere(wanted: Wanted, found: readonly FoundRun[]): Promise<UsageError> {
  const [stale] = found;
  const what =
    stale === undefined
      ? `There is no local run${wanted.data === undefined ? " here" : ` in ${wanted.data}`}.`
      : `The local run in ${stale.folder} (process ${stale.facts.pid}) has ended without a word.`;
  if (wanted.local || wanted.data !== undefined) {
    return new UsageError(what, "Start one with npm start.");
  }
  const stacks = await synthesised();
  const names = stacks.length === 0 ? "" : ` (synthesised here: ${stacks.join(", ")})`;
  return new UsageError(
    what,
    `Start one with npm start; or name what is deployed with --environment NAME${names} or --outputs FILE.`,
  );
}

function readOutputs(values: Readonly<Record<string, unknown>>) {
  try {
    return fromTerraformOutputs(values);
  } catch (error) {
    throw new UsageError(
      (error as Error).message,
      "Deploy this version of the stack, or give its own outputs.",
    );
  }
}
