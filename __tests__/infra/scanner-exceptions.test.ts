import { type Attributes, type Resources, scannerExceptions } from "../../infra/scanner-exceptions.ts";
import { exceptedIn, scannerFiles } from "../../infra/scanner-files.ts";
import type { EnvironmentInput } from "../../infra/settings.ts";
import { fullInput, guardedInput, leastInput, sharedInput, synthesise } from "../support/synthesise.ts";

const resourcesOf = (input: EnvironmentInput) => synthesise(input).json["resource"] as Resources;

/**
 * What the checks look at, as their own sources say: https://github.com/bridgecrewio/checkov, below
 * checkov/terraform/checks/resource/aws and checkov/terraform/checks/graph_checks/aws.
 */
const CHECKOV: readonly {
  readonly id: string;
  readonly type: string;
  /** The file there. */
  readonly source: string;
  readonly passes: (resource: Attributes, all: Resources) => boolean;
}[] = [
  ...(
    [
      ["CKV_AWS_50", "LambdaXrayEnabled.py", "tracing_config"],
      ["CKV_AWS_115", "LambdaFunctionLevelConcurrentExecutionLimit.py", "reserved_concurrent_executions"],
      ["CKV_AWS_116", "LambdaDLQConfigured.py", "dead_letter_config"],
      ["CKV_AWS_117", "LambdaInVPC.py", "vpc_config"],
      ["CKV_AWS_173", "LambdaEnvironmentEncryptionSettings.py", "kms_key_arn"],
      ["CKV_AWS_272", "LambdaCodeSigningConfigured.py", "code_signing_config_arn"],
    ] as const
  ).map(([id, source, attribute]) => ({
    id,
    source,
    type: "aws_lambda_function",
    passes: (resource: Attributes) => attribute in resource,
  })),
  ...(
    [
      ["CKV_AWS_290", "IAMWriteAccess.py"],
      ["CKV_AWS_355", "IAMStarResourcePolicyDocument.py"],
    ] as const
  ).map(([id, source]) => ({
    id,
    source,
    type: "aws_iam_role_policy",
    // Of what our policies allow on everything, this alone could be limited.
    passes: ({ policy }: Attributes) => !String(policy).includes("ec2:CreateNetworkInterface"),
  })),
  {
    id: "CKV_AWS_309",
    type: "aws_apigatewayv2_route",
    source: "APIGatewayV2RouteDefinesAuthorizationType.py",
    passes: ({ authorization_type: authorization }) =>
      ["AWS_IAM", "CUSTOM", "JWT"].includes(String(authorization)),
  },
  {
    id: "CKV_AWS_76",
    type: "aws_apigatewayv2_stage",
    source: "APIGatewayAccessLogging.py",
    passes: (resource) => "access_log_settings" in resource,
  },
  {
    id: "CKV_AWS_27",
    type: "aws_sqs_queue",
    source: "SQSQueueEncryption.py",
    passes: ({ kms_master_key_id: key, sqs_managed_sse_enabled: managed }) =>
      key !== undefined || managed === true,
  },
  {
    id: "CKV2_AWS_73",
    type: "aws_sqs_queue",
    source: "SQSEncryptionCMK.yaml",
    passes: ({ kms_master_key_id: key }) => key !== "alias/aws/sqs",
  },
  {
    id: "CKV2_AWS_64",
    type: "aws_kms_key",
    source: "KmsKeyPolicyIsDefined.yaml",
    passes: (_, all) => "aws_kms_key_policy" in all,
  },
  {
    id: "CKV_AWS_26",
    type: "aws_sns_topic",
    source: "SNSTopicEncryption.py",
    passes: (resource) => "kms_master_key_id" in resource,
  },
  {
    id: "CKV_AWS_7",
    type: "aws_kms_key",
    source: "KMSRotation.py",
    passes: ({ enable_key_rotation: rotates }) => rotates === true,
  },
  {
    id: "CKV_AWS_28",
    type: "aws_dynamodb_table",
    source: "DynamodbRecovery.py",
    passes: (resource) => "point_in_time_recovery" in resource,
  },
  {
    id: "CKV_AWS_119",
    type: "aws_dynamodb_table",
    source: "DynamoDBTablesEncrypted.py",
    passes: ({ server_side_encryption: encryption }) =>
      JSON.stringify(encryption ?? "").includes("kms_key_arn"),
  },
  {
    id: "CKV_AWS_158",
    type: "aws_cloudwatch_log_group",
    source: "CloudWatchLogGroupKMSKey.py",
    passes: (resource) => "kms_key_id" in resource,
  },
  {
    id: "CKV_AWS_338",
    type: "aws_cloudwatch_log_group",
    source: "CloudWatchLogGroupRetentionYear.py",
    passes: ({ retention_in_days: days }) => Number(days) === 0 || Number(days) >= 365,
  },
  {
    id: "CKV_AWS_337",
    type: "aws_ssm_parameter",
    source: "SSMParameterUsesCMK.py",
    passes: (resource) => "key_id" in resource,
  },
  {
    id: "CKV_AWS_18",
    type: "aws_s3_bucket",
    source: "S3BucketLogging.yaml",
    passes: (_, all) => "aws_s3_bucket_logging" in all,
  },
  {
    id: "CKV_AWS_21",
    type: "aws_s3_bucket",
    source: "S3BucketVersioning.yaml",
    passes: (_, all) => "aws_s3_bucket_versioning" in all,
  },
  {
    id: "CKV_AWS_144",
    type: "aws_s3_bucket",
    source: "S3BucketReplicationConfiguration.yaml",
    passes: (_, all) => "aws_s3_bucket_replication_configuration" in all,
  },
  {
    id: "CKV_AWS_145",
    type: "aws_s3_bucket",
    source: "S3KMSEncryptedByDefault.yaml",
    passes: (_, all) =>
      Object.values(all["aws_s3_bucket_server_side_encryption_configuration"] ?? {}).some((encryption) =>
        JSON.stringify(encryption).includes('"sse_algorithm":"aws:kms"'),
      ),
  },
  {
    id: "CKV2_AWS_6",
    type: "aws_s3_bucket",
    source: "its documentation's policy index",
    passes: (_, all) => "aws_s3_bucket_public_access_block" in all,
  },
  {
    id: "CKV2_AWS_61",
    type: "aws_s3_bucket",
    source: "S3BucketLifecycle.yaml",
    passes: (_, all) => "aws_s3_bucket_lifecycle_configuration" in all,
  },
  {
    id: "CKV2_AWS_62",
    type: "aws_s3_bucket",
    source: "S3BucketEventNotifications.yaml",
    passes: (_, all) => "aws_s3_bucket_notification" in all,
  },
];

const inputs: [string, EnvironmentInput][] = [
  ["least", leastInput],
  ["full", fullInput],
  ["shared", sharedInput],
  ["guarded", guardedInput],
  ["with handlers", { ...fullInput, destination: { kind: "handlers" } }],
  ["kept for a year", { ...sharedInput, logRetentionDays: 365 }],
];

test.each(inputs)("%s: what Checkov would find is excepted, and nothing else is", (_, input) => {
  const all = resourcesOf(input);
  const found = CHECKOV.flatMap(({ id, type, passes }) =>
    Object.entries(all[type] ?? {})
      .filter(([, resource]) => !passes(resource, all))
      .map(([name]) => `${id} ${type}.${name}`),
  );
  const excepted = exceptedIn(all).flatMap(({ type, name, exception }) =>
    (exception.checks.checkov ?? []).map((id) => `${id} ${type}.${name}`),
  );
  expect(excepted.sort()).toEqual(found.sort());
});

test("every exception speaks of a resource that some stack has, and says why", () => {
  const stacks = inputs.map(([, input]) => exceptedIn(resourcesOf(input)).map(({ exception }) => exception));
  for (const exception of scannerExceptions) {
    expect([exception.type, exception.checks, stacks.some((found) => found.includes(exception))]).toEqual([
      exception.type,
      exception.checks,
      true,
    ]);
    expect(exception.because).toMatch(/^[A-Z].{20,}\.$/);
    expect(Object.values(exception.checks).flat().length).toBeGreaterThan(0);
  }
});

test("what a setting switches on is off the list", () => {
  const ids = (input: EnvironmentInput) =>
    new Set(
      exceptedIn(resourcesOf(input)).flatMap(({ exception }) => Object.values(exception.checks).flat()),
    );
  const [usual, guarded] = [ids(sharedInput), ids(guardedInput)];
  for (const id of ["CKV_AWS_117", "CKV_AWS_158", "CKV_AWS_145", "CKV_AWS_18", "CKV_AWS_50", "AVD-AWS-0135"])
    expect([id, usual.has(id), guarded.has(id)]).toEqual([id, true, false]);
  expect([usual.has("CKV_AWS_309"), guarded.has("CKV_AWS_309")]).toEqual([true, true]);
});

test("the files say it in the form that each scanner reads", () => {
  const files = scannerFiles(resourcesOf(sharedInput));
  const { failed_checks: failed } = JSON.parse(files[".checkov.baseline"] ?? "");
  expect(failed).toHaveLength(1);
  // As its comparison reads it: resource and check, whatever else is there.
  const findings = failed[0].findings as { resource: string; check_ids: string[] }[];
  for (const resource of ["aws_apigatewayv2_route.api_route_webhook", "resource.api_route_webhook"])
    expect(findings.find((each) => each.resource === resource)?.check_ids).toEqual(["CKV_AWS_309"]);
  expect(files[".trivyignore.yaml"]).toMatch(
    /^misconfigurations:\n( {2}- id: (AVD-)?AWS-\d{4}\n {4}statement: ".+"\n)+$/,
  );
  const { "exclude-queries": queries } = JSON.parse(files["kics.config"] ?? "");
  expect(queries).toContain("720f44cf-285e-4b69-8f72-835e6bc1dceb");
  expect(new Set(queries).size).toBe(queries.length);
});
