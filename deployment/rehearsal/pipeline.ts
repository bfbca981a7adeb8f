import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Cloud, connect, emulatorEnvironment } from "./cloud.ts";
import { compare, type Finding } from "./finding.ts";
import { startMoto } from "./moto.ts";
import { makePartnerSources } from "./partner-sources.ts";
import { installed, type StackFolder } from "./project.ts";
import { compareRemaining, countResources } from "./remaining.ts";
import type { Runner } from "./run.ts";
import type { Tools } from "./tools.ts";

/**
 * What a pipeline does: `cdktf deploy --auto-approve` and, later, `cdktf destroy --auto-approve`, without a
 * terminal and against a cloud of its own.
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
  const outputs = join(project, "outputs.json");
  const cdktf = (command: string, ...args: string[]) =>
    runner.run({
      title: `cdktf ${command} ${environment}`,
      command: installed("cdktf"),
      // To lock the provider, the CLI would ask the registry for checksums of what a mirror has delivered.
      args: [command, environment, "--auto-approve", "--skip-provider-lock", ...args],
      directory: project,
      env: {
        ...tools.terraform.env,
        ...emulatorEnvironment(moto.endpoint, region),
        CI: "true",
        // The CLI would fill a cache in the home folder.
        CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
      },
    });
  try {
    await makePartnerSources(stack, cloud);
    await cdktf("deploy", "--outputs-file", outputs);
    const given = (JSON.parse(await readFile(outputs, "utf8")) as Outputs)[environment] ?? {};
    const found = await compareDeployed(stack, given, cloud);
    await cdktf("destroy");
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
