import { GetFunctionConcurrencyCommand, GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { type FunctionName, functionNames, variableOf } from "../../../contract/environment.ts";
import type { Environment } from "../../environment/environment.ts";
import type { Check } from "../check.ts";
import { type CheckResult, resultsOf } from "../check-result.ts";
import { remedyIn } from "../words.ts";

/** Whether each function can run, and works for this very environment. */
export const functions: readonly Check[] = functionNames.map((name) => ({
  name: `${name} function`,
  run: async ({ environment }) => [await examineFunction(environment, name)],
}));

async function examineFunction(environment: Environment, name: FunctionName): Promise<CheckResult> {
  const { clients, outputs } = environment;
  const { ok, failure, warning } = resultsOf(`${name} function`);
  const FunctionName = outputs[`${name}Function`];
  const lambda = await clients.lambda();
  const [found, { ReservedConcurrentExecutions: reserved }] = await Promise.all([
    lambda.send(new GetFunctionConfigurationCommand({ FunctionName })),
    lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })),
  ]);
  const again = remedyIn(environment, "Deploy again.");
  const { State: state, LastUpdateStatus: update, Runtime: runtime, Environment: given } = found;
  if (state === "Failed" || update === "Failed") {
    const reason = found.StateReason ?? found.LastUpdateStatusReason ?? "Lambda does not say why";
    return failure(`It cannot run: ${reason}`, again);
  }
  if (reserved === 0) {
    return failure(
      "Its reserved concurrency is 0: somebody has switched it off.",
      remedyIn(environment, `aws lambda delete-function-concurrency --function-name ${FunctionName}`),
    );
  }
  if (given?.Variables?.[variableOf(name, "queueUrl")] !== outputs.queueUrl) {
    return failure(
      "It works with another queue than the one in the outputs.",
      remedyIn(environment, "Give the outputs of the last deployment, or deploy again."),
    );
  }
  if (state !== "Active" && state !== "Inactive")
    return warning(`It is ${state}.`, "Wait a minute, and look again.");
  return ok(`${state}, ${runtime}`);
}
