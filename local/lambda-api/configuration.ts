import type { FunctionModel } from "../stack/model.ts";

/**
 * A function as `GetFunctionConfiguration` describes it. Here it is ready as soon as it is there.
 *
 * @param deployed when the run began, and its functions with it
 */
export function configurationOf(model: FunctionModel, deployed: Date) {
  return {
    FunctionName: model.name,
    FunctionArn: model.arn,
    Role: model.roleArn,
    Runtime: model.runtime,
    Handler: model.handler,
    Timeout: model.timeoutSeconds,
    MemorySize: model.memoryMegabytes,
    Environment: { Variables: model.variables },
    LastModified: deployed.toISOString().replace("Z", "+0000"), // as Lambda writes it
    State: "Active",
    LastUpdateStatus: "Successful",
  };
}
