import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pipelineCommands } from "../pipeline-commands.ts";
import { connect, emulatorEnvironment } from "./cloud.ts";
import { startMoto } from "./moto.ts";
import type { StackFolder } from "./project.ts";
import { requireNothingLeft } from "./remaining.ts";
import { requireEqual } from "./require.ts";
import type { Runner } from "./run.ts";
import { makeSurroundings, removeSurroundings } from "./surroundings.ts";
import type { Tools } from "./tools.ts";

/**
 * What a pipeline does, in the words of the workflows: a plan, the same plan once more after the approval,
 * `cdktf deploy`, a plan that is empty and, later, `cdktf destroy`; without a terminal and against a cloud of
 * its own.
 *
 * @param project a copy of the project; state, plans and outputs stay in it
 * @throws {Error} at the first of it that is not as it has to be
 */
export async function rehearsePipeline(
  environment: string,
  { stack, region }: StackFolder,
  project: string,
  tools: Tools,
  runner: Runner,
): Promise<void> {
  const moto = await startMoto();
  const cloud = connect(moto.endpoint, region);
  const env = {
    ...tools.terraform.env,
    ...emulatorEnvironment(moto.endpoint, region),
    CI: "true",
    // The CLI would fill a cache in the home folder.
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
    ENVIRONMENT: environment,
    PLAN_OPTIONS: "",
    // To lock the provider, the CLI would ask the registry for checksums of what a mirror has delivered.
    DEPLOY_OPTIONS: "--skip-provider-lock",
  };
  const run = (title: string, command: string) =>
    runner.run({ title, command: "bash", args: ["-e", "-c", command], directory: project, env });
  try {
    await makeSurroundings(stack, cloud);
    await run("npm run plan", pipelineCommands.plan);
    await run("npm run plan, once more", pipelineCommands.planReviewed);
    await run("cdktf deploy", pipelineCommands.deploy);
    await requireOutputs(stack, environment, join(project, "outputs.json"));
    const { stdout } = await run("npm run plan, after the deployment", pipelineCommands.plan);
    const [summary = ""] = stdout.split("\n");
    requireEqual("npm run plan after cdktf deploy", { changes: ["no changes", summary.split(": ")[1]] });
    await run("cdktf destroy", 'npm run -s cdktf -- destroy "$ENVIRONMENT" --auto-approve $DEPLOY_OPTIONS');
    await removeSurroundings(stack, cloud);
    await requireNothingLeft("after cdktf destroy", cloud);
  } finally {
    cloud.close();
    await moto.stop();
  }
}

/** The outputs that a pipeline goes on with: all that the stack has, none of them empty. */
async function requireOutputs(stack: StackFolder["stack"], environment: string, file: string): Promise<void> {
  const outputs = JSON.parse(await readFile(file, "utf8")) as Record<string, Record<string, string>>;
  const given = Object.entries(outputs[environment] ?? {}).filter(([, value]) => value !== "");
  const names = [Object.keys(stack.output ?? {}).sort(), given.map(([name]) => name).sort()] as const;
  requireEqual("cdktf deploy", { outputs: names });
}
