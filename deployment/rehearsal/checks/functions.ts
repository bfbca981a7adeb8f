import {
  type EventSourceMappingConfiguration,
  type FunctionConfiguration,
  type FunctionEventInvokeConfig,
  GetEventSourceMappingCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
} from "@aws-sdk/client-lambda";
import { type AskedResource, type AskedStack, block } from "../asked.ts";
import type { Cloud } from "../cloud.ts";
import { compare, type Finding, parsed, sorted } from "../finding.ts";

/** Every function's configuration and code, every event source mapping, asynchronous calls, and who may call. */
export async function checkFunctions(asked: AskedStack, { lambda }: Cloud): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const it of asked.ofType("aws_lambda_function")) {
    const FunctionName = String(it.attributes["function_name"]);
    const concurrency = await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
    findings.push(
      ...compareFunction(it, await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))),
      ...compareConcurrency(it, concurrency.ReservedConcurrentExecutions),
    );
  }
  for (const it of asked.ofType("aws_lambda_event_source_mapping")) {
    const UUID = String(it.state["uuid"]);
    findings.push(...compareMapping(it, await lambda.send(new GetEventSourceMappingCommand({ UUID }))));
  }
  for (const it of asked.ofType("aws_lambda_function_event_invoke_config")) {
    const FunctionName = String(it.attributes["function_name"]);
    findings.push(
      ...compareInvocations(it, await lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }))),
    );
  }
  for (const it of asked.ofType("aws_lambda_permission")) {
    const FunctionName = String(it.attributes["function_name"]);
    const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName }));
    findings.push(...comparePermission(it, Policy ?? ""));
  }
  return findings;
}

export function compareFunction(asked: AskedResource, found: FunctionConfiguration): Finding[] {
  const given = asked.attributes;
  return compare(asked.address, {
    runtime: [given["runtime"], found.Runtime],
    architecture: [given["architectures"], found.Architectures],
    handler: [given["handler"], found.Handler],
    "timeout, s": [given["timeout"], found.Timeout],
    "memory, MB": [given["memory_size"], found.MemorySize],
    role: [given["role"], found.Role],
    "code, SHA-256": [given["source_code_hash"], found.CodeSha256],
    environment: [block(given["environment"])?.["variables"], found.Environment?.Variables],
    traces: [block(given["tracing_config"])?.["mode"], found.TracingConfig?.Mode],
  });
}

/** That a function has the invocations of its own that are asked, and otherwise none. */
export function compareConcurrency(
  { address, attributes }: AskedResource,
  found: number | undefined,
): Finding[] {
  return compare(address, {
    "reserved concurrency": [attributes["reserved_concurrent_executions"] ?? "none", found ?? "none"],
  });
}

export function compareMapping(asked: AskedResource, found: EventSourceMappingConfiguration): Finding[] {
  const given = asked.attributes;
  return compare(asked.address, {
    queue: [given["event_source_arn"], found.EventSourceArn],
    function: [given["function_name"], found.FunctionArn],
    "batch size": [given["batch_size"], found.BatchSize],
    // Terraform does not send 0, and what is not sent is 0.
    "batch window, s": [
      given["maximum_batching_window_in_seconds"],
      found.MaximumBatchingWindowInSeconds ?? 0,
    ],
    "partial responses": [sorted(given["function_response_types"]), sorted(found.FunctionResponseTypes)],
    "maximum concurrency": [
      block(given["scaling_config"])?.["maximum_concurrency"],
      found.ScalingConfig?.MaximumConcurrency,
    ],
    // What Terraform does not say is on.
    enabled: [given["enabled"] ?? true, found.State === "Enabled"],
  });
}

/** How a function's asynchronous invocations are repeated. */
export function compareInvocations(asked: AskedResource, found: FunctionEventInvokeConfig): Finding[] {
  const given = asked.attributes;
  return compare(asked.address, {
    "oldest event, s": [given["maximum_event_age_in_seconds"], found.MaximumEventAgeInSeconds],
    retries: [given["maximum_retry_attempts"], found.MaximumRetryAttempts],
  });
}

/** @param policy a function's resource policy, as GetPolicy answers */
export function comparePermission(asked: AskedResource, policy: string): Finding[] {
  const given = asked.attributes;
  const { Statement = [] } = (parsed(policy) ?? {}) as { Statement?: PermissionStatement[] };
  const found = Statement.find((statement) => statement.Sid === given["statement_id"]);
  return compare(asked.address, {
    action: [given["action"], found?.Action],
    caller: [given["principal"], found?.Principal?.Service],
    "caller's ARN": [given["source_arn"], found?.Condition?.ArnLike?.["AWS:SourceArn"]],
  });
}

interface PermissionStatement {
  readonly Sid?: string;
  readonly Action?: string;
  readonly Principal?: { readonly Service?: string };
  readonly Condition?: { readonly ArnLike?: { readonly "AWS:SourceArn"?: string } };
}
