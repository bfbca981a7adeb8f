import { isEmpty } from "../../../terraform/plan-json.ts";
import type { Grant } from "../grants.ts";
import type { Resource, Snapshot } from "../snapshot.ts";
import { type Holder, readPolicy } from "./grants-in.ts";

/** Policies of what is called, and not of who calls. */
const RESOURCE_POLICIES = [
  "aws_sqs_queue_policy",
  "aws_s3_bucket_policy",
  "aws_sns_topic_policy",
  "aws_kms_key_policy",
  "aws_cloudwatch_event_bus_policy",
];
const OWN_POLICIES = ["aws_sqs_queue", "aws_s3_bucket", "aws_sns_topic", "aws_kms_key"];

/** By which attribute a policy says what it is the policy of. */
const TARGETS: Readonly<Record<string, string>> = {
  aws_sqs_queue_policy: "queue_url",
  aws_s3_bucket_policy: "bucket",
  aws_sns_topic_policy: "arn",
  aws_kms_key_policy: "key_id",
};

/** What has a policy, and which resource gives it. */
export function holdersOfPolicies(
  snapshot: Snapshot,
): { readonly address: string; readonly target: string }[] {
  return [
    ...snapshot.all(...Object.keys(TARGETS)).map(({ address, type, values }) => ({
      address,
      target: snapshot.resourceOf(values[TARGETS[type] ?? ""], OWN_POLICIES, ["bucket", "key_id"]),
    })),
    ...snapshot
      .all(...OWN_POLICIES)
      .filter((one) => snapshot.asksFor(one, "policy"))
      .map(({ address }) => ({ address, target: address })),
  ];
}

/** All of one kind together: it is in their statements what they are about. */
export function resourcePolicies(snapshot: Snapshot): Holder[] {
  const separate = snapshot.all(...RESOURCE_POLICIES).map((one) => [one, one.values["policy"]] as const);
  const own = snapshot
    .all(...OWN_POLICIES)
    .filter((one) => snapshot.asksFor(one, "policy"))
    .map((one) => [one, one.values["policy"]] as const);
  return [
    ...[...separate, ...own].map(([{ address }, policy]) => ({
      address,
      ...readPolicy(policy, snapshot),
      ...aboutItself(address, policy, snapshot),
    })),
    ...snapshot.all("aws_lambda_permission").map((one) => ({
      address: one.address,
      grants: [invoke(one, snapshot)],
      isUnreadable: false,
    })),
  ];
}

/** "Anything" in a key's policy is this key. */
function aboutItself(address: string, policy: unknown, snapshot: Snapshot): Pick<Holder, "grants"> {
  const { grants } = readPolicy(policy, snapshot);
  return {
    grants: grants.map((grant) =>
      grant.resource === "*" ? { ...grant, resource: ownerOf(address) } : grant,
    ),
  };
}

const ownerOf = (address: string) =>
  address.replace(/^aws_kms_key_policy\./, "aws_kms_key.").replace(/_policy$/, "");

function invoke({ values }: Resource, snapshot: Snapshot): Grant {
  const tests = {
    "source ARN": values["source_arn"],
    account: values["source_account"],
    qualifier: values["qualifier"],
  };
  return {
    effect: "allow",
    action: String(values["action"]),
    resource: snapshot.resourceOf(values["function_name"], ["aws_lambda_function"], ["function_name"]),
    principal: String(values["principal"]),
    condition: Object.entries(tests).flatMap(([name, value]) =>
      isEmpty(value) ? [] : [{ operator: "ArnLike", name, values: [snapshot.text(value)] }],
    ),
  };
}
