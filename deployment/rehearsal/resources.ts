import { join } from "node:path";
import {
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { changesOf } from "./changes-of.ts";
import { type Cloud, connect, emulatorEnvironment } from "./cloud.ts";
import { requireCode } from "./code.ts";
import { startMoto } from "./moto.ts";
import { Operator } from "./operator.ts";
import { copyStack, type StackFolder } from "./project.ts";
import { protectedAddresses, refusedAddresses, withoutProtection } from "./protection.ts";
import { requireNothingLeft } from "./remaining.ts";
import { requireEqual } from "./require.ts";
import { readCalls } from "./roles/noted-call.ts";
import { accessKeyFor, describeUnused, rehearsedRoles } from "./roles/rehearsed-roles.ts";
import { requireAllowed } from "./roles/require-allowed.ts";
import type { Runner } from "./run.ts";
import { makeSurroundings, removeSurroundings } from "./surroundings.ts";
import type { Tools } from "./tools.ts";

/**
 * Applies a stack with the real provider, lets the operator's command examine it, wants a second plan to be empty,
 * and another while the breaker is open, destroys, and looks for what is left. Where data is protected, a destroy
 * must be refused first; then the stack is taken down as a person would. Whatever Terraform calls on the way has to be
 * allowed by the policy that `role-policy` prints for who calls it.
 *
 * @param directory a folder of this part's own, which it makes
 * @throws {Error} at the first of it that is not as it has to be
 */
export async function rehearseResources(
  folder: StackFolder,
  directory: string,
  tools: Tools,
  runner: Runner,
): Promise<void> {
  await copyStack(folder, directory, "emulator");
  const callsFile = join(directory, "calls.jsonl");
  const moto = await startMoto(callsFile);
  const cloud = connect(moto.endpoint, folder.region);
  const emulator = (accessKey?: string) => ({
    ...tools.terraform.env,
    ...emulatorEnvironment(moto.endpoint, folder.region, accessKey),
  });
  const env = emulator();
  const roles = rehearsedRoles([folder.stack, withoutProtection(folder.stack)]);
  const terraform = (title: string, args: readonly string[], codes: readonly number[] = [0]) =>
    runner.run({
      title,
      command: tools.terraform.command,
      args,
      directory,
      env: emulator(accessKeyFor(args)),
      codes,
    });
  const requireEmptyPlan = async (title: string) => {
    const { code, stdout } = await terraform(title, ["plan", "-detailed-exitcode", "-no-color"], [0, 2]);
    requireEqual(title, { changes: ["none", code === 0 ? "none" : changesOf(stdout)] });
  };
  const destroy = ["destroy", "-auto-approve", "-no-color"];
  try {
    await makeSurroundings(folder.stack, cloud);
    await terraform("terraform init", ["init", "-no-color"]);
    await terraform("terraform apply", ["apply", "-auto-approve", "-no-color"]);
    const outputs = await terraform("terraform output", ["output", "-json"]);
    const operator = await Operator.with(outputs, directory, env, runner);
    await operator.findsNewDeployment();
    await requireEmptyPlan("second plan");
    await terraform("plan from the state alone", ["plan", "-refresh=false", "-no-color"]);
    await requireCode(folder.stack, cloud);
    await openBreakers(cloud);
    await requireEmptyPlan("plan with the breaker open");
    await operator.findsDisabledMapping();
    const guarded = protectedAddresses(folder.stack);
    if (guarded.length > 0) {
      const { code, stderr } = await terraform("terraform destroy, to be refused", destroy, [0, 1]);
      requireEqual("terraform destroy of protected data", {
        "exit code": [1, code],
        // Not all of them: what others depend on, Terraform does not get as far as.
        "names what is protected": [true, refusedAddresses(guarded, stderr).length > 0],
      });
      await requireEmptyPlan("plan after the refused destroy");
      await copyStack({ ...folder, stack: withoutProtection(folder.stack) }, directory, "emulator");
      await terraform("terraform apply without protection", ["apply", "-auto-approve", "-no-color"]);
    }
    await terraform("terraform destroy", destroy);
    for (const line of describeUnused(requireAllowed(await readCalls(callsFile), roles))) runner.tell(line);
    await removeSurroundings(folder.stack, cloud);
    await requireNothingLeft("after terraform destroy", cloud);
  } finally {
    cloud.close();
    await moto.stop();
  }
}

/** Disables every mapping behind Terraform's back, as the processor does when the breaker opens. */
async function openBreakers({ lambda }: Cloud): Promise<void> {
  const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({}));
  requireEqual("the stack", { "has a mapping": [true, EventSourceMappings.length > 0] });
  for (const { UUID } of EventSourceMappings) {
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    const { State } = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
    requireEqual(`mapping ${UUID}`, { state: ["Disabled", State] });
  }
}
