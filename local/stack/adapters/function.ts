import { resolve } from "node:path";
import type { FunctionModel, LocalStack, RoleModel } from "../model.ts";
import type { Resource } from "../resource.ts";
import type { AdapterContext, ResourceAdapter } from "../resource-adapter.ts";

export const lambdaFunction: ResourceAdapter = {
  uses: [
    "function_name",
    "runtime",
    "handler",
    "filename",
    "timeout",
    "memory_size",
    "environment",
    "role",
    "logging_config",
  ],
  noEffect: {
    description: "for people",
    architectures: "the code is JavaScript, which runs on either",
    source_code_hash: "the zip is read anew at every start",
    reserved_concurrent_executions: "there is no account whose other functions could take its share",
    kms_key_arn: "variables lie on this machine, as safe as its owner keeps it",
    vpc_config: "functions are in this machine's network",
    tracing_config: "there is nobody to send traces to",
  },
  outputs(resource, context) {
    const { name, arn } = identity(resource, context);
    return { id: name, function_name: name, arn, invoke_arn: arn, qualified_arn: `${arn}:$LATEST` };
  },
  add(resource, stack, context) {
    const runtime = resource.text("runtime");
    if (!runtime.startsWith("nodejs")) resource.refuse(`runs on ${runtime}, and only Node.js runs here`);
    stack.functions.push({
      address: resource.address,
      ...identity(resource, context),
      roleArn: assumableRole(resource, stack).arn,
      logGroup:
        resource.optionalText("logging_config.log_group") ?? `/aws/lambda/${resource.text("function_name")}`,
      handler: resource.text("handler"),
      runtime,
      zip: resolve(context.folder, resource.text("filename")),
      timeoutSeconds: resource.number("timeout", 3), // Lambda's own default
      memoryMegabytes: resource.number("memory_size", 128), // Lambda's own default
      variables: resource.textMap("environment.variables"),
      asynchronous: { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600 }, // Lambda's own defaults
      aliases: [],
      countedLines: [],
    });
  },
};

function assumableRole(resource: Resource, stack: LocalStack): RoleModel {
  const arn = resource.text("role");
  const found = stack.roles.find((candidate) => candidate.arn === arn);
  return (
    found ?? resource.refuse(`has a role that the stack does not have, or that Lambda may not take: ${arn}`)
  );
}

/** Of a function that is there already: what becomes of invocations that nobody waits for. */
export const invocationSettings: ResourceAdapter = {
  uses: ["function_name", "maximum_retry_attempts", "maximum_event_age_in_seconds"],
  noEffect: {},
  outputs: (resource) => ({ id: resource.text("function_name") }),
  add(resource, stack) {
    const { asynchronous } = namedFunction(resource, stack);
    const { maximumRetryAttempts: retries, maximumEventAgeSeconds: age } = asynchronous;
    asynchronous.maximumRetryAttempts = resource.number("maximum_retry_attempts", retries);
    asynchronous.maximumEventAgeSeconds = resource.number("maximum_event_age_in_seconds", age);
  },
};

/** A second name of a function that is there already. There are no versions here: the code is the newest. */
export const alias: ResourceAdapter = {
  uses: ["name", "function_name", "function_version"],
  noEffect: { description: "for people" },
  outputs: (resource, { region, account }) => {
    const named = resource.text("function_name").split(":").at(-1);
    const arn = `arn:aws:lambda:${region}:${account}:function:${named}:${resource.text("name")}`;
    return { id: arn, arn, invoke_arn: arn };
  },
  add(resource, stack) {
    const version = resource.text("function_version");
    if (version !== "$LATEST") resource.refuse(`is of version ${version}, and only $LATEST runs here`);
    namedFunction(resource, stack).aliases.push(resource.text("name"));
  },
};

function namedFunction(resource: Resource, stack: LocalStack): FunctionModel {
  const name = resource.text("function_name"); // a name or an ARN, as Lambda takes either
  const found = stack.functions.find((candidate) => candidate.arn === name || candidate.name === name);
  return found ?? resource.refuse(`names a function that the stack does not have: ${name}`);
}

function identity(resource: Resource, { region, account }: AdapterContext) {
  const name = resource.text("function_name");
  return { name, arn: `arn:aws:lambda:${region}:${account}:function:${name}` };
}
