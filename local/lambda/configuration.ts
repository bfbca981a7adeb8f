import type { FunctionModel } from "../stack/model.ts";

/** A function as `GetFunctionConfiguration` describes it. Here it is ready as soon as it is there. */
export function configurationOf(model: FunctionModel) {
  return {
    FunctionName: model.name,
    FunctionArn: model.arn,
    Role: model.roleArn,
    Runtime: model.runtime,
    Handler: model.handler,
    Timeout: model.timeoutSeconds,
    MemorySize: model.memoryMegabytes,
    Environment: { Variables: model.variables },
    State: "Active",
    LastUpdateStatus: "Successful",
  };
}
