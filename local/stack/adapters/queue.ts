import type { Resource } from "../resource.ts";
import type { AdapterContext, ResourceAdapter } from "../resource-adapter.ts";

/** Terraform's attribute → SQS's own. */
const numbers = {
  delay_seconds: "DelaySeconds",
  max_message_size: "MaximumMessageSize",
  message_retention_seconds: "MessageRetentionPeriod",
  receive_wait_time_seconds: "ReceiveMessageWaitTimeSeconds",
  visibility_timeout_seconds: "VisibilityTimeout",
} as const;

const policies = {
  redrive_policy: "RedrivePolicy",
  redrive_allow_policy: "RedriveAllowPolicy",
} as const;

export const queue: ResourceAdapter = {
  uses: ["name", "name_prefix", ...Object.keys(numbers), ...Object.keys(policies)],
  noEffect: {
    sqs_managed_sse_enabled: "data lies on this machine, as safe as its owner keeps it",
    kms_master_key_id: "data lies on this machine, as safe as its owner keeps it",
  },
  outputs(resource, context) {
    const { name, url, arn } = identity(resource, context);
    return { id: url, url, arn, name };
  },
  add(resource, stack, context) {
    const attributes: Record<string, string> = {};
    for (const [from, to] of Object.entries(numbers)) {
      const value = resource.number(from, Number.NaN);
      if (!Number.isNaN(value)) attributes[to] = String(value);
    }
    for (const [from, to] of Object.entries(policies)) {
      const value = resource.optionalText(from);
      if (value !== undefined) attributes[to] = value;
    }
    stack.queues.push({ address: resource.address, ...identity(resource, context), attributes });
  },
};

function policyOf(attribute: keyof typeof policies): ResourceAdapter {
  return {
    uses: ["queue_url", attribute],
    noEffect: {},
    outputs: (resource) => ({ id: resource.text("queue_url") }),
    add(resource, stack) {
      const url = resource.text("queue_url");
      const target = stack.queues.find((candidate) => candidate.url === url);
      if (!target) return resource.refuse(`names a queue that the stack does not have: ${url}`);
      target.attributes[policies[attribute]] = resource.text(attribute);
    },
  };
}

export const redrivePolicy = policyOf("redrive_policy");
export const redriveAllowPolicy = policyOf("redrive_allow_policy");

function identity(resource: Resource, { region, account, cloudUrl }: AdapterContext) {
  const prefix = resource.optionalText("name_prefix");
  const name = prefix === undefined ? resource.text("name") : `${prefix}local`;
  // The SDK takes a queue URL as it is, whatever endpoint it was given: it has to lead here.
  return { name, url: `${cloudUrl}/${account}/${name}`, arn: `arn:aws:sqs:${region}:${account}:${name}` };
}
