import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { DeleteAlarmsCommand, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { pipelineCommands } from "../pipeline-commands.ts";
import { type Cloud, connect, emulatorEnvironment } from "./cloud.ts";
import { startMoto } from "./moto.ts";
import type { StackFolder } from "./project.ts";
import { requireNothingLeft } from "./remaining.ts";
import { requireEqual } from "./require.ts";
import type { Runner } from "./run.ts";
import { makeSurroundings, removeSurroundings } from "./surroundings.ts";
import type { Tools } from "./tools.ts";

/** The CLI, as README has it. To lock the provider it would ask the registry for checksums of what a mirror delivers. */
const cdktf = {
  deploy:
    'npm run -s cdktf -- deploy "$ENVIRONMENT" --auto-approve --outputs-file outputs.json --skip-provider-lock',
  destroy: 'npm run -s cdktf -- destroy "$ENVIRONMENT" --auto-approve --skip-provider-lock',
};

/**
 * What a pipeline does, without a terminal and against a cloud of its own: `cdktf deploy`, and a plan that is empty;
 * then, in the words of the workflows, a plan that brings back what somebody has deleted, the same plan once more after
 * the approval, applied as it is, and nothing left to do; later `cdktf destroy`.
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
  };
  const run = (title: string, command: string) =>
    runner.run({ title, command: "bash", args: ["-e", "-c", command], directory: project, env });
  const requireUnchanged = async (title: string) => {
    const { stdout } = await run(title, `${pipelineCommands.plan} --expect-unchanged`);
    requireEqual(title, { changes: ["no changes", stdout.split("\n")[0]?.split(": ")[1]] });
  };
  try {
    await makeSurroundings(stack, cloud);
    await run("cdktf deploy", cdktf.deploy);
    await requireOutputs("cdktf deploy", stack, environment, join(project, "outputs.json"));
    await requireUnchanged("npm run plan after cdktf deploy");
    await deleteAnAlarm(cloud);
    await run("npm run plan, with an alarm gone", pipelineCommands.plan);
    await rm(join(project, "outputs.json"));
    await run("npm run plan --apply", pipelineCommands.deploy);
    await requireOutputs("npm run plan --apply", stack, environment, join(project, "outputs.json"));
    await requireUnchanged("npm run plan after it");
    await run("cdktf destroy", cdktf.destroy);
    await removeSurroundings(stack, cloud);
    await requireNothingLeft("after cdktf destroy", cloud);
  } finally {
    cloud.close();
    await moto.stop();
  }
}

/** The outputs that a pipeline goes on with: all that the stack has, none of them empty. */
async function requireOutputs(
  title: string,
  stack: StackFolder["stack"],
  environment: string,
  file: string,
): Promise<void> {
  const outputs = JSON.parse(await readFile(file, "utf8")) as Record<string, Record<string, string>>;
  const given = Object.entries(outputs[environment] ?? {}).filter(([, value]) => value !== "");
  const names = [Object.keys(stack.output ?? {}).sort(), given.map(([name]) => name).sort()] as const;
  requireEqual(title, { outputs: names });
}

/** As a person might who wants to sleep. */
async function deleteAnAlarm({ cloudWatch }: Cloud): Promise<void> {
  const { MetricAlarms: [alarm] = [] } = await cloudWatch.send(new DescribeAlarmsCommand({}));
  await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [alarm?.AlarmName ?? ""] }));
}
