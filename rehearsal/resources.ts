import { AskedStack, type TerraformState } from "./asked.ts";
import { checkStack } from "./checks/index.ts";
import { connect, emulatorEnvironment } from "./cloud.ts";
import { compare, type Finding } from "./finding.ts";
import { startMoto } from "./moto.ts";
import { copyStack, type StackFolder } from "./project.ts";
import { compareRemaining, countResources } from "./remaining.ts";
import type { Runner } from "./run.ts";
import type { Tools } from "./tools.ts";

/**
 * Applies a stack with the real provider, compares every resource with what `cdk.tf.json` asks for, wants a
 * second plan to be empty, destroys, and looks for what is left.
 *
 * @param directory a folder of this part's own, which it makes
 */
export async function rehearseResources(
  folder: StackFolder,
  directory: string,
  tools: Tools,
  runner: Runner,
): Promise<readonly Finding[]> {
  await copyStack(folder, directory);
  const moto = await startMoto();
  const cloud = connect(moto.endpoint, folder.region);
  const env = { ...tools.terraform.env, ...emulatorEnvironment(moto.endpoint, folder.region) };
  const terraform = (title: string, args: readonly string[], codes: readonly number[] = [0]) =>
    runner.run({ title, command: tools.terraform.command, args, directory, env, codes });
  try {
    await terraform("terraform init", ["init", "-no-color"]);
    await terraform("terraform apply", ["apply", "-auto-approve", "-no-color"]);
    const state = await terraform("terraform show", ["show", "-json"]);
    const asked = new AskedStack(folder.stack, JSON.parse(state.stdout) as TerraformState);
    const findings = await checkStack(asked, cloud);
    const plan = await terraform("second plan", ["plan", "-detailed-exitcode", "-no-color"], [0, 2]);
    findings.push(
      ...compare("second plan", { changes: ["none", plan.code === 0 ? "none" : changesOf(plan.stdout)] }),
    );
    await terraform("terraform destroy", ["destroy", "-auto-approve", "-no-color"]);
    findings.push(compareRemaining("after terraform destroy", await countResources(cloud)));
    return findings;
  } finally {
    cloud.close();
    await moto.stop();
  }
}

/** The part of a plan that says what would change. */
function changesOf(plan: string): string {
  const start = plan.indexOf("Terraform will perform");
  return start < 0 ? plan : plan.slice(start).trim();
}
