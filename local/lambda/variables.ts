import { devNull } from "node:os";
import { type AccessKeys, SECRET_ACCESS_KEY } from "../cloud/access-keys.ts";
import type { FunctionModel } from "../stack/model.ts";

/** Where the functions find the AWS services, one place for all of them, and by which keys they are known there. */
export interface CloudEndpoint {
  readonly url: string;
  readonly region: string;
  readonly accessKeys: Pick<AccessKeys, "ofFunction">;
}

/**
 * The whole environment of a function's process: what Lambda itself sets, where the services are, and the
 * function's own variables. Nothing of the person's own environment gets in.
 */
export function variables(model: FunctionModel, task: string, cloud: CloudEndpoint): Record<string, string> {
  return {
    ...ownVariables(model, task, cloud),
    AWS_ENDPOINT_URL: cloud.url,
    // A Lambda has no home with a person's profile in it.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    ...model.variables,
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
function ownVariables(
  model: FunctionModel,
  task: string,
  { region, accessKeys }: CloudEndpoint,
): Record<string, string> {
  return {
    _HANDLER: model.handler,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${model.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: model.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(model.memoryMegabytes),
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${model.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: "local",
    AWS_ACCESS_KEY_ID: accessKeys.ofFunction(model.name),
    AWS_SECRET_ACCESS_KEY: SECRET_ACCESS_KEY,
    AWS_SESSION_TOKEN: "local",
    LAMBDA_TASK_ROOT: task,
    LANG: "en_US.UTF-8",
    TZ: "UTC",
    PATH: "/usr/local/bin:/usr/bin/:/bin",
  };
}
