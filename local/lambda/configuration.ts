import type { FunctionModel } from "../stack/model.ts";

/** When this process began: what runs here was deployed with it. As Lambda writes it. */
const STARTED = new Date(Date.now() - process.uptime() * 1_000).toISOString().replace("Z", "+0000");

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
    LastModified: STARTED,
    State: "Active",
    LastUpdateStatus: "Successful",
  };
}
