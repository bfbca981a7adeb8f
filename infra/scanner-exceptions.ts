/** Attributes of a resource as `cdk.tf.json` has them. */
export type Attributes = Readonly<Record<string, unknown>>;

/** A stack's resources, by type and name. */
export type Resources = Readonly<Record<string, Readonly<Record<string, Attributes>>>>;

/** What scanners would find in a resource, where it is as it should be. */
export interface ScannerException {
  /** The resource's type. */
  readonly type: string;
  /** The same finding, as each scanner calls it. */
  readonly checks: {
    readonly checkov?: readonly string[];
    readonly trivy?: readonly string[];
    readonly kics?: readonly string[];
  };
  /** Whether a resource has what the scanners ask for: then there is nothing to except. */
  readonly complies: (resource: Attributes, all: Resources) => boolean;
  /** Why it is right without. */
  readonly because: string;
}

const has = (attribute: string) => (resource: Attributes) => resource[attribute] !== undefined;
const never = () => false;

/**
 * Everything that Checkov, Trivy (which tfsec has become) and KICS would find in a stack, and why it stays so. What has
 * a setting is off the list where the setting is on: `encryptionKeyArn`, `vpc`, `tracing`, `overflow.accessLogs`.
 * The checks: https://github.com/bridgecrewio/checkov/tree/main/checkov/terraform/checks,
 * https://avd.aquasec.com/misconfig/aws/, https://docs.kics.io/latest/queries/terraform-queries/
 */
export const scannerExceptions: readonly ScannerException[] = [
  {
    type: "aws_lambda_function",
    checks: { checkov: ["CKV_AWS_116"], kics: ["720f44cf-285e-4b69-8f72-835e6bc1dceb"] },
    complies: has("dead_letter_config"),
    because:
      "Such a queue takes asynchronous invocations. The receiver is called synchronously, the processor from a queue that has one, and the next run of recovery does what this one did not.",
  },
  {
    type: "aws_lambda_function",
    checks: { checkov: ["CKV_AWS_117"] },
    complies: has("vpc_config"),
    because:
      "There is nothing in a VPC that the functions would reach, unless the destination is in one: the setting vpc.",
  },
  {
    type: "aws_lambda_function",
    checks: { checkov: ["CKV_AWS_115"] },
    complies: has("reserved_concurrent_executions"),
    because:
      "Reserved concurrency makes SQS receive what nobody runs, and counts that as an attempt: the mapping's maximum concurrency bounds the processor. The receiver's is the setting receiver.reservedConcurrency.",
  },
  {
    type: "aws_lambda_function",
    checks: { checkov: ["CKV_AWS_272"] },
    complies: has("code_signing_config_arn"),
    because:
      "The hash of the code stands in the plan that a person approves, and only the deploying role may change it: a signature by the same pipeline would add no one's word.",
  },
  {
    type: "aws_lambda_function",
    checks: {
      checkov: ["CKV_AWS_50"],
      trivy: ["AVD-AWS-0066"],
      kics: ["8152e0cf-d2f0-47ad-96d5-d003a76eabd1"],
    },
    complies: has("tracing_config"),
    because: "Log lines carry the event's id through all functions. Traces are the setting tracing.",
  },
  {
    type: "aws_lambda_function",
    checks: { checkov: ["CKV_AWS_173"] },
    complies: has("kms_key_arn"),
    because:
      "Names and ARNs are all that stands in the variables, no secret. Lambda encrypts them; a key of one's own is the setting encryptionKeyArn.",
  },
  {
    type: "aws_apigatewayv2_route",
    checks: { checkov: ["CKV_AWS_309"] },
    complies: has("authorization_type"),
    because:
      "Genesys signs the body, and an authorizer is not shown it: the receiver authenticates each request before anything is stored.",
  },
  {
    type: "aws_apigatewayv2_api",
    checks: { kics: ["8af4c38a-e1d2-405b-ac41-995db44b5536"] },
    complies: ({ cors_configuration: cors }) => !JSON.stringify(cors ?? "").includes('"*"'),
    because:
      "The tutorial asks for it. No route takes a cookie: who calls has to know a secret, whatever page it calls from. The setting cors.allowOrigins narrows it.",
  },
  {
    type: "aws_sqs_queue",
    checks: { trivy: ["AVD-AWS-0135"] },
    complies: has("kms_master_key_id"),
    because: "SQS encrypts it. A key of one's own is the setting encryptionKeyArn.",
  },
  {
    type: "aws_dynamodb_table",
    checks: {
      checkov: ["CKV_AWS_119"],
      trivy: ["AVD-AWS-0025"],
      kics: ["ce089fd4-1406-47bd-8aad-c259772bb294"],
    },
    complies: has("server_side_encryption"),
    because:
      "Only ids and times lie in it, and DynamoDB encrypts them. A key of one's own is the setting encryptionKeyArn.",
  },
  {
    type: "aws_dynamodb_table",
    checks: { checkov: ["CKV_AWS_28"], trivy: ["AVD-AWS-0024"] },
    complies: has("point_in_time_recovery"),
    because: "The environment is disposable, and so is what it remembers.",
  },
  {
    type: "aws_cloudwatch_log_group",
    checks: {
      checkov: ["CKV_AWS_158"],
      trivy: ["AVD-AWS-0017"],
      kics: ["0afbcfe9-d341-4b92-a64c-7e6de0543879"],
    },
    complies: has("kms_key_id"),
    because:
      "No payload and no secret is logged, and CloudWatch encrypts. A key of one's own is the setting encryptionKeyArn.",
  },
  {
    type: "aws_cloudwatch_log_group",
    checks: { checkov: ["CKV_AWS_338"] },
    complies: ({ retention_in_days: days }) => Number(days) >= 365,
    because:
      "Logs tell what happened to events of the last weeks, and are no archive: the setting logRetentionDays.",
  },
  {
    type: "aws_s3_bucket",
    checks: {
      checkov: ["CKV_AWS_18"],
      trivy: ["AVD-AWS-0089"],
      kics: ["f861041c-8c9f-4156-acfc-5e6e524f5884"],
    },
    complies: (_, all) => all["aws_s3_bucket_logging"] !== undefined,
    because:
      "The functions log what they store and take. A log of all requests needs a bucket of the team's: the setting overflow.accessLogs.",
  },
  {
    type: "aws_s3_bucket",
    checks: { checkov: ["CKV_AWS_144"] },
    complies: (_, all) => all["aws_s3_bucket_replication_configuration"] !== undefined,
    because:
      "It holds events on their way, for days as a rule, next to queues of the same region: a copy elsewhere would outlive what was delivered.",
  },
  {
    type: "aws_s3_bucket",
    checks: { checkov: ["CKV_AWS_145"], trivy: ["AVD-AWS-0132"] },
    complies: (_, all) =>
      JSON.stringify(all["aws_s3_bucket_server_side_encryption_configuration"] ?? "").includes("aws:kms"),
    because: "S3 encrypts it. A key of one's own is the setting encryptionKeyArn.",
  },
  {
    type: "aws_s3_bucket",
    checks: { checkov: ["CKV2_AWS_62"] },
    complies: (_, all) => all["aws_s3_bucket_notification"] !== undefined,
    because: "Recovery looks into it every minute, and an alarm tells of what is stored there.",
  },
  {
    type: "aws_s3_bucket",
    checks: { kics: ["c5b31ab9-0f26-4a49-b8aa-4cc064392f4d"] },
    complies: never,
    because:
      "Only an account's root user can switch it on. No function may delete a version, so that a deletion can be undone for a week.",
  },
  {
    type: "aws_ssm_parameter",
    checks: { checkov: ["CKV_AWS_337"] },
    complies: has("key_id"),
    because:
      "It is a SecureString under the account's own key. A key of one's own is the setting encryptionKeyArn.",
  },
  {
    type: "aws_iam_role_policy",
    checks: { trivy: ["AVD-AWS-0057"] },
    complies: ({ policy }) => !/\*\\?"/.test(String(policy)),
    because:
      "Each statement names what it is for. A wildcard stands behind a bucket's prefix or a log group's name alone, since objects and streams are made later, and where AWS knows no resource.",
  },
  {
    type: "aws_iam_role_policy",
    checks: { checkov: ["CKV_AWS_290", "CKV_AWS_355"] },
    complies: ({ policy }) => !String(policy).includes("ec2:CreateNetworkInterface"),
    because:
      "EC2 knows no narrower resource for what Lambda does to bring a function into a VPC, and the next statement denies all of it to the function's own code.",
  },
];
