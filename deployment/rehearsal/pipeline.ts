import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pipelineCommands } from "../pipeline-commands.ts";
import { type Cloud, connect, emulatorEnvironment } from "./cloud.ts";
import { compare, type Finding } from "./finding.ts";
import { startMoto } from "./moto.ts";
import { makePartnerSources } from "./partner-sources.ts";
import type { StackFolder } from "./project.ts";
import { compareRemaining, countResources } from "./remaining.ts";
import type { Runner } from "./run.ts";
import type { Tools } from "./tools.ts";

/**
 * What a pipeline does, in the words of the workflows: a plan, the same plan once more after the approval,
 * `cdktf deploy`, a plan that is empty and, later, `cdktf destroy`; without a terminal and against a cloud of
 * its own.
 *
 * @param project a copy of the project; state, plans and outputs stay in it
 */
export async function rehearsePipeline(
  environment: string,
  { stack, region }: StackFolder,
  project: string,
  tools: Tools,
  runner: Runner,
): Promise<readonly Finding[]> {
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
    await makePartnerSources(stack, cloud);
    await run("npm run plan", pipelineCommands.plan);
    await run("npm run plan, once more", pipelineCommands.planReviewed);
    await run("cdktf deploy", pipelineCommands.deploy);
    const outputs = JSON.parse(await readFile(join(project, "outputs.json"), "utf8")) as Outputs;
    const found = await compareDeployed(stack, outputs[environment] ?? {}, cloud);
    const { stdout } = await run("npm run plan, after the deployment", pipelineCommands.plan);
    const [summary = ""] = stdout.split("\n");
    found.push(
      ...compare("npm run plan after cdktf deploy", { changes: ["no changes", summary.split(": ")[1]] }),
    );
    await run("cdktf destroy", 'npm run -s cdktf -- destroy "$ENVIRONMENT" --auto-approve $DEPLOY_OPTIONS');
    return [...found, compareRemaining("after cdktf destroy", await countResources(cloud))];
  } finally {
    cloud.close();
    await moto.stop();
  }
}

type Outputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The outputs that a pipeline goes on with, and as many resources of each kind as were asked for. */
async function compareDeployed(
  stack: StackFolder["stack"],
  outputs: Outputs[string],
  cloud: Cloud,
): Promise<Finding[]> {
  const { APIs, functions, queues, buckets, tables, rules } = await countResources(cloud);
  const asked = (type: string) => Object.keys(stack.resource[type] ?? {}).length;
  const allRules = Object.values(stack.resource["aws_cloudwatch_event_rule"] ?? {});
  return compare("cdktf deploy", {
    APIs: [asked("aws_apigatewayv2_api"), APIs],
    functions: [asked("aws_lambda_function"), functions],
    queues: [asked("aws_sqs_queue"), queues],
    buckets: [asked("aws_s3_bucket"), buckets],
    tables: [asked("aws_dynamodb_table"), tables],
    rules: [allRules.filter((rule) => rule["event_bus_name"] === undefined).length, rules],
    outputs: [
      Object.keys(stack.output ?? {}).sort(),
      Object.keys(outputs)
        .filter((name) => outputs[name] !== "")
        .sort(),
    ],
  });
}
