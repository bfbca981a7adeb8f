import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { environments } from "../../../infra/environments.ts";
import { terraform } from "../../../terraform/terraform.ts";
import { type KeptProvider, keepProvider } from "../../support/provider.ts";
import {
  copyForPlan,
  removeDirectory,
  synthForProvider,
  type Terraform,
  temporaryDirectory,
  terraformOrSkip,
} from "../../support/terraform.ts";

const SLOW_MS = 300_000; // the provider's plug-in starts anew for each command

let directory: string;
let found: Terraform | undefined;
let provider: KeptProvider | undefined;

beforeAll(async () => {
  directory = await temporaryDirectory();
  found = await terraformOrSkip(directory);
  if (found) await synthForProvider(found, join(directory, "cdktf.out"));
}, SLOW_MS);

afterAll(async () => {
  await provider?.stop();
  await removeDirectory(directory);
}, SLOW_MS);

test.each(Object.keys(environments))(
  "%s: the real provider initialises, validates and plans it, without a warning",
  async (environment) => {
    if (!found) return;
    const stack = join(directory, environment);
    await copyForPlan(join(directory, "cdktf.out", "stacks", environment), stack);

    const init = await terraform(found, stack, ["init", "-no-color"]);
    expect(init).toMatchObject({ code: 0, stderr: "" });
    // A provider from a mirror comes without other platforms' checksums: true of the mirror, not of the stack.
    const warnings = [...init.stdout.matchAll(/Warning: (.*)/g)].map(([, text]) => text);
    expect(warnings.filter((text) => text !== "Incomplete lock file information for providers")).toEqual([]);

    provider ??= await keepProvider(found, stack);
    const validation = await terraform(provider.terraform, stack, ["validate", "-json"]);
    expect(JSON.parse(validation.stdout)).toMatchObject({ valid: true, warning_count: 0, diagnostics: [] });

    const plan = await terraform(provider.terraform, stack, ["plan", "-json", "-refresh=false"]);
    const messages = plan.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(messages.filter(({ type }) => type === "diagnostic")).toEqual([]);
    expect(messages.find(({ type }) => type === "change_summary")).toMatchObject({
      changes: { add: await countResources(stack), change: 0, remove: 0 },
    });
    expect(plan.code).toBe(0);
    // Lambda would end the chains by which events are requeued and redriven.
    const planned = messages.filter(({ type }) => type === "planned_change").map(addressOf);
    expect(planned.filter((address) => /recursion_config/.test(address)).sort()).toEqual([
      "aws_lambda_function_recursion_config.processor_recursion",
      "aws_lambda_function_recursion_config.recovery_recursion",
    ]);
  },
  SLOW_MS,
);

function addressOf({ change }: Record<string, unknown>): string {
  return (change as { resource: { addr: string } }).resource.addr;
}

async function countResources(stack: string): Promise<number> {
  const { resource } = JSON.parse(await readFile(join(stack, "cdk.tf.json"), "utf8")) as {
    resource: Record<string, object>;
  };
  return Object.values(resource).reduce((count, byId) => count + Object.keys(byId).length, 0);
}
