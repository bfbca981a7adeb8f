import type { PlannedResource } from "../../terraform/plan-json.ts";
import type { AttributeChange } from "./attributes.ts";
import type { Names } from "./names.ts";
import type { Resource, Snapshot } from "./snapshot.ts";
import { ignoredBy } from "./snapshots.ts";

/** What another resource gives, and the provider repeats. */
const REPEATED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aws_sqs_queue: {
    policy: "aws_sqs_queue_policy",
    redrive_policy: "aws_sqs_queue_redrive_policy",
    redrive_allow_policy: "aws_sqs_queue_redrive_allow_policy",
  },
  aws_sns_topic: { policy: "aws_sns_topic_policy" },
  aws_kms_key: { policy: "aws_kms_key_policy" },
  aws_s3_bucket: {
    policy: "aws_s3_bucket_policy",
    versioning: "aws_s3_bucket_versioning",
    server_side_encryption_configuration: "aws_s3_bucket_server_side_encryption_configuration",
    lifecycle_rule: "aws_s3_bucket_lifecycle_configuration",
  },
};
const LINKS = ["bucket", "queue_url", "arn", "key_id"];

/** A role's policies are told by what is there: strangers.ts. */
const TOLD_ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  aws_iam_role: ["inline_policy", "managed_policy_arns"],
  aws_lambda_event_source_mapping: ["state"], // the breaker's, as `enabled`
};

/** What AWS counts and computes, and nobody decides. */
const COMPUTED =
  /^(arn|id|url|invoke_arn|execution_arn|function_arn|stream_arn|stream_label|qualified_(invoke_)?arn|invoke_url|deployment_id|owner_id|unique_id|last_modified|version|source_code_size|last_processing_result|state_transition_reason|create_date|etag|latest_version|default_version|pending_confirmation|confirmation_was_authenticated)$/;

/** Whether somebody has decided it, outside of Terraform: what the stack asks for, and what it does not. */
export function isDecided(
  { address, type }: PlannedResource,
  { path }: AttributeChange,
  before: Snapshot,
  names: Names,
): boolean {
  const asked = names.synthesised(address);
  const [attribute = ""] = path.split(/[.[]/);
  if (asked === undefined) return !COMPUTED.test(attribute);
  if (ignoredBy(asked).includes(attribute)) return false;
  if (attribute in asked) return true;
  if (TOLD_ELSEWHERE[type]?.includes(attribute)) return false;
  if (isRepeated(address, type, attribute, before)) return false;
  return !COMPUTED.test(attribute);
}

function isRepeated(address: string, type: string, attribute: string, before: Snapshot): boolean {
  const other = REPEATED[type]?.[attribute];
  if (other === undefined) return false;
  const isAbout = ({ values }: Resource) =>
    LINKS.some((link) => before.resourceOf(values[link], [type], ["bucket", "id", "key_id"]) === address);
  return before.all(other).some(isAbout);
}
