import { GetEventSourceMappingCommand, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { AskedStack, type TerraformState } from "./asked.ts";
import { checkStack } from "./checks/index.ts";
import { type Cloud, connect, emulatorEnvironment } from "./cloud.ts";
import { compare, type Finding } from "./finding.ts";
import { startMoto } from "./moto.ts";
import { Operator } from "./operator.ts";
import { makePartnerSources } from "./partner-sources.ts";
import { copyStack, type StackFolder } from "./project.ts";
import { protectedAddresses, refusedAddresses, withoutProtection } from "./protection.ts";
import { compareRemaining, countResources } from "./remaining.ts";
import type { Runner } from "./run.ts";
import type { Tools } from "./tools.ts";

const WITH_OPEN_BREAKER = "plan with the breaker open";

/**
 * Applies a stack with the real provider, compares every resource with what `cdk.tf.json` asks for, wants a
 * second plan to be empty, and another while the breaker is open, destroys, and looks for what is left. Where
 * data is protected, a destroy must be refused first; then the stack is taken down as a person would.
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
    await makePartnerSources(folder.stack, cloud);
    await terraform("terraform init", ["init", "-no-color"]);
    await terraform("terraform apply", ["apply", "-auto-approve", "-no-color"]);
    const state = await terraform("terraform show", ["show", "-json"]);
    const asked = new AskedStack(folder.stack, JSON.parse(state.stdout) as TerraformState);
    const findings = await checkStack(asked, cloud);
    const operator = await Operator.with(
      await terraform("terraform output", ["output", "-json"]),
      directory,
      env,
      runner,
    );
    findings.push(...(await operator.findsNewDeployment()));
    const planIsEmpty = async (title: string) => {
      const { code, stdout } = await terraform(title, ["plan", "-detailed-exitcode", "-no-color"], [0, 2]);
      return compare(title, { changes: ["none", code === 0 ? "none" : changesOf(stdout)] });
    };
    findings.push(...(await planIsEmpty("second plan")));
    findings.push(...(await openBreakers(asked, cloud)), ...(await planIsEmpty(WITH_OPEN_BREAKER)));
    findings.push(...(await operator.findsDisabledMapping()));
    const destroy = ["destroy", "-auto-approve", "-no-color"];
    const guarded = protectedAddresses(folder.stack);
    if (guarded.length > 0) {
      const { code, stderr } = await terraform("terraform destroy, to be refused", destroy, [0, 1]);
      findings.push(
        ...compare("terraform destroy of protected data", {
          "exit code": [1, code],
          // Not all of them: what others depend on, Terraform does not get as far as.
          "names what is protected": [true, refusedAddresses(guarded, stderr).length > 0],
        }),
        ...(await planIsEmpty("plan after the refused destroy")),
      );
      await copyStack({ ...folder, stack: withoutProtection(folder.stack) }, directory);
      await terraform("terraform apply without protection", ["apply", "-auto-approve", "-no-color"]);
    }
    await terraform("terraform destroy", destroy);
    findings.push(compareRemaining("after terraform destroy", await countResources(cloud)));
    return findings;
  } finally {
    cloud.close();
    await moto.stop();
  }
}

/** Disables every mapping behind Terraform's back, as recovery does when the breaker opens. */
async function openBreakers(asked: AskedStack, { lambda }: Cloud): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { address, state } of asked.ofType("aws_lambda_event_source_mapping")) {
    const UUID = String(state["uuid"]);
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    const { State } = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
    findings.push(...compare(WITH_OPEN_BREAKER, { [address]: ["Disabled", State] }));
  }
  return findings;
}

/** The part of a plan that says what would change. */
function changesOf(plan: string): string {
  const start = plan.indexOf("Terraform will perform");
  return start < 0 ? plan : plan.slice(start).trim();
}
