import type { Resource } from "../resource.ts";
import type { AdapterContext, ResourceAdapter } from "../resource-adapter.ts";

export const mapping: ResourceAdapter = {
  uses: [
    "event_source_arn",
    "function_name",
    "enabled",
    "batch_size",
    "maximum_batching_window_in_seconds",
    "function_response_types",
    "scaling_config",
    "lifecycle",
  ],
  noEffect: {},
  outputs(resource, context) {
    const { uuid, arn } = identity(resource, context);
    return { id: uuid, uuid, arn };
  },
  add(resource, stack, context) {
    const queueArn = resource.text("event_source_arn");
    const name = resource.text("function_name"); // a name or an ARN, as Lambda takes either
    const target = stack.functions.find((candidate) => candidate.arn === name || candidate.name === name);
    if (!target) return resource.refuse(`names a function that the stack does not have: ${name}`);
    if (!stack.queues.some(({ arn }) => arn === queueArn)) {
      resource.refuse(`names a queue that the stack does not have: ${queueArn}`);
    }
    const concurrency = resource.number("scaling_config.maximum_concurrency", Number.NaN);
    stack.mappings.push({
      address: resource.address,
      ...identity(resource, context),
      queueArn,
      functionArn: target.arn,
      enabled: resource.flag("enabled", true),
      keepsEnabled: resource.texts("lifecycle.ignore_changes").includes("enabled"),
      batchSize: resource.number("batch_size", 10), // Lambda's own default
      batchWindowSeconds: resource.number("maximum_batching_window_in_seconds", 0),
      maximumConcurrency: Number.isNaN(concurrency) ? undefined : concurrency,
      reportsBatchItemFailures: resource.texts("function_response_types").includes("ReportBatchItemFailures"),
    });
  },
};

function identity(resource: Resource, { region, account }: AdapterContext) {
  const uuid = resource.address.replaceAll(".", "-").replaceAll("_", "-");
  return { uuid, arn: `arn:aws:lambda:${region}:${account}:event-source-mapping:${uuid}` };
}
