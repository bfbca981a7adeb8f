import { compareAlarm } from "../../../deployment/rehearsal/checks/alarms.ts";
import {
  compareApi,
  compareDomain,
  compareRoutes,
  compareStage,
} from "../../../deployment/rehearsal/checks/api.ts";
import { compareBucket, type FoundBucket } from "../../../deployment/rehearsal/checks/buckets.ts";
import {
  compareConcurrency,
  compareFunction,
  compareInvocations,
  compareMapping,
  comparePermission,
} from "../../../deployment/rehearsal/checks/functions.ts";
import { compareLogGroups } from "../../../deployment/rehearsal/checks/log-groups.ts";
import { compareParameter } from "../../../deployment/rehearsal/checks/parameters.ts";
import { compareQueue } from "../../../deployment/rehearsal/checks/queues.ts";
import { isMet } from "../../../deployment/rehearsal/finding.ts";
import { compareRemaining } from "../../../deployment/rehearsal/remaining.ts";
import { different, only, stackOf } from "../../support/asked.ts";
import { reference } from "../../support/reference.ts";

describe("a queue", () => {
  const stack = stackOf(
    {
      aws_sqs_queue: {
        main: {
          visibility_timeout_seconds: 60,
          message_retention_seconds: 345600,
          delay_seconds: 0,
          sqs_managed_sse_enabled: true,
          redrive_allow_policy: '{"redrivePermission":"denyAll"}',
        },
      },
      aws_sqs_queue_redrive_policy: {
        it: { queue_url: reference("aws_sqs_queue.main.url"), redrive_policy: '{"maxReceiveCount":5}' },
      },
      aws_sqs_queue_policy: {
        it: { queue_url: reference("aws_sqs_queue.main.url"), policy: '{"Statement":[]}' },
      },
    },
    { "aws_sqs_queue.main": { url: "http://sqs/main" } },
  );
  const [queue] = stack.ofType("aws_sqs_queue");
  const right = {
    VisibilityTimeout: "60",
    MessageRetentionPeriod: "345600",
    DelaySeconds: "0",
    SqsManagedSseEnabled: "true",
    Policy: '{ "Statement": [] }',
    RedrivePolicy: '{"maxReceiveCount": 5}',
    RedriveAllowPolicy: '{"redrivePermission":"denyAll"}',
  };
  const compared = (found: Record<string, string>) =>
    queue ? different(compareQueue(stack, queue, found)) : [];

  test("as asked, what other resources set of it included", () => {
    expect(queue && compareQueue(stack, queue, right)).toHaveLength(7);
    expect(compared(right)).toEqual([]);
  });

  test.each([
    ["VisibilityTimeout", "30", "visibility, s"],
    ["MessageRetentionPeriod", "60", "retention, s"],
    ["DelaySeconds", "1", "delay, s"],
    ["SqsManagedSseEnabled", "false", "encryption by SQS"],
    ["Policy", "", "policy"],
    ["RedrivePolicy", '{"maxReceiveCount":4}', "redrive policy"],
    ["RedriveAllowPolicy", '{"redrivePermission":"allowAll"}', "redrive allow policy"],
  ])("%s as %j differs", (name, value, property) => {
    expect(compared({ ...right, [name]: value })).toEqual([property]);
  });
});

describe("a function, its mapping and who may call it", () => {
  const asked = only("aws_lambda_function", {
    runtime: "nodejs22.x",
    architectures: ["arm64"],
    timeout: 10,
    memory_size: 512,
    source_code_hash: "hash=",
    environment: { variables: { QUEUE_URL: "http://sqs/main" } },
  });
  const right = {
    Runtime: "nodejs22.x",
    Architectures: ["arm64"],
    Timeout: 10,
    MemorySize: 512,
    CodeSha256: "hash=",
    Environment: { Variables: { QUEUE_URL: "http://sqs/main" } },
  } as const satisfies Parameters<typeof compareFunction>[1];

  test("as asked", () => {
    expect(compareFunction(asked, { ...right, Architectures: ["arm64"] })).toHaveLength(6);
    expect(different(compareFunction(asked, { ...right, Architectures: ["arm64"] }))).toEqual([]);
  });

  test("concurrency of its own that nobody asked for, or that was asked for and is not there", () => {
    const reserved = only("aws_lambda_function", { reserved_concurrent_executions: 5 });
    expect(different(compareConcurrency(reserved, 5))).toEqual([]);
    expect(different(compareConcurrency(reserved, undefined))).toEqual(["reserved concurrency"]);
    expect(different(compareConcurrency(asked, undefined))).toEqual([]);
    expect(different(compareConcurrency(asked, 5))).toEqual(["reserved concurrency"]);
  });

  test("without the traces that were asked for", () => {
    const traced = only("aws_lambda_function", { tracing_config: { mode: "Active" } });
    expect(different(compareFunction(traced, { TracingConfig: { Mode: "Active" } }))).toEqual([]);
    expect(different(compareFunction(traced, { TracingConfig: { Mode: "PassThrough" } }))).toEqual([
      "traces",
    ]);
  });

  test("all of it otherwise", () => {
    expect(
      different(
        compareFunction(asked, {
          Runtime: "nodejs20.x",
          Architectures: ["x86_64"],
          Timeout: 3,
          MemorySize: 128,
          CodeSha256: "other=",
          Environment: { Variables: { QUEUE_URL: "http://sqs/main", MORE: "than asked" } },
        }),
      ),
    ).toEqual(["runtime", "architecture", "timeout, s", "memory, MB", "code, SHA-256", "environment"]);
  });

  test("a mapping without partial responses, with another batch size, without a cap, switched off", () => {
    const mapping = only("aws_lambda_event_source_mapping", {
      batch_size: 10,
      function_response_types: ["ReportBatchItemFailures"],
      scaling_config: { maximum_concurrency: 10 },
    });
    const good = {
      BatchSize: 10,
      FunctionResponseTypes: ["ReportBatchItemFailures" as const],
      ScalingConfig: { MaximumConcurrency: 10 },
      State: "Enabled",
    };
    expect(different(compareMapping(mapping, good))).toEqual([]);
    expect(different(compareMapping(mapping, { BatchSize: 1, State: "Disabled" }))).toEqual([
      "batch size",
      "partial responses",
      "maximum concurrency",
      "enabled",
    ]);
  });

  test("asynchronous calls that are repeated, or wait for hours", () => {
    const asked = only("aws_lambda_function_event_invoke_config", {
      maximum_event_age_in_seconds: 60,
      maximum_retry_attempts: 0,
    });
    const good = { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 };
    expect(different(compareInvocations(asked, good))).toEqual([]);
    expect(different(compareInvocations(asked, { ...good, MaximumRetryAttempts: 2 }))).toEqual(["retries"]);
    expect(different(compareInvocations(asked, {}))).toEqual(["oldest event, s", "retries"]);
  });

  test("a permission for another caller, or none at all", () => {
    const permission = only("aws_lambda_permission", {
      statement_id: "api",
      action: "lambda:InvokeFunction",
      principal: "apigateway.amazonaws.com",
      source_arn: "arn:api/*/POST/webhook",
    });
    const policy = (arn: string) =>
      JSON.stringify({
        Statement: [
          {
            Sid: "api",
            Action: "lambda:InvokeFunction",
            Principal: { Service: "apigateway.amazonaws.com" },
            Condition: { ArnLike: { "AWS:SourceArn": arn } },
          },
        ],
      });
    expect(different(comparePermission(permission, policy("arn:api/*/POST/webhook")))).toEqual([]);
    expect(different(comparePermission(permission, policy("*")))).toEqual(["caller's ARN"]);
    expect(different(comparePermission(permission, ""))).toHaveLength(3);
  });
});

describe("an API", () => {
  const stack = stackOf(
    {
      aws_apigatewayv2_api: {
        api: {
          protocol_type: "HTTP",
          cors_configuration: { allow_origins: ["*"], allow_headers: ["X-Api-Key"], allow_methods: ["POST"] },
        },
      },
      aws_apigatewayv2_route: {
        webhook: {
          api_id: reference("aws_apigatewayv2_api.api.id"),
          route_key: "POST /webhook",
          target: "integrations/i1",
        },
      },
      aws_apigatewayv2_integration: {
        receiver: { api_id: reference("aws_apigatewayv2_api.api.id"), payload_format_version: "2.0" },
      },
    },
    { "aws_apigatewayv2_api.api": { id: "a1" }, "aws_apigatewayv2_integration.receiver": { id: "i1" } },
  );
  const [api] = stack.ofType("aws_apigatewayv2_api");
  if (api === undefined) throw new Error("unreachable");
  const integrations = [{ IntegrationId: "i1", PayloadFormatVersion: "2.0" }];
  const route = { RouteKey: "POST /webhook", Target: "integrations/i1" };

  test("CORS as asked whatever the case of header names, and otherwise", () => {
    const cors = { AllowOrigins: ["*"], AllowHeaders: ["x-api-key"], AllowMethods: ["POST"] };
    const answer = { ProtocolType: "HTTP", CorsConfiguration: cors } as const;
    expect(different(compareApi(api, answer as never))).toEqual([]);
    expect(different(compareApi(api, { ProtocolType: "HTTP" } as never))).toEqual([
      "CORS origins",
      "CORS methods",
      "CORS headers",
    ]);
  });

  test.each([
    ["as asked", [route], integrations, []],
    ["one route too many", [route, { RouteKey: "GET /" }], integrations, ["routes"]],
    ["no route", [], integrations, ["routes", "target"]],
    ["a route to something else", [{ ...route, Target: "integrations/i2" }], integrations, ["target"]],
    [
      "another payload format",
      [route],
      [{ IntegrationId: "i1", PayloadFormatVersion: "1.0" }],
      ["payload format"],
    ],
  ])("routes: %s", (_title, routes, found, expected) => {
    const integrationList = found as Parameters<typeof compareRoutes>[3];
    const routeList = routes as Parameters<typeof compareRoutes>[2];
    expect(different(compareRoutes(stack, api, routeList, integrationList))).toEqual(expected);
  });

  test("AWS's own address, left on", () => {
    const closed = only("aws_apigatewayv2_api", { disable_execute_api_endpoint: true });
    expect(different(compareApi(closed, { DisableExecuteApiEndpoint: true } as never))).toEqual([]);
    expect(different(compareApi(closed, { DisableExecuteApiEndpoint: false } as never))).toEqual([
      "AWS's own address is off",
    ]);
  });

  test("a name with another certificate, that asks clients for none, and leads elsewhere", () => {
    const stack = stackOf({
      aws_apigatewayv2_domain_name: {
        it: {
          domain_name: "events.example.com",
          domain_name_configuration: { certificate_arn: "arn:one", security_policy: "TLS_1_2" },
          mutual_tls_authentication: { truststore_uri: "s3://trust/file" },
        },
      },
      aws_apigatewayv2_api_mapping: {
        it: { domain_name: "events.example.com", api_id: "a1", stage: "$default" },
      },
    });
    const [domain] = stack.ofType("aws_apigatewayv2_domain_name");
    if (domain === undefined) throw new Error("unreachable");
    const right = {
      DomainName: "events.example.com",
      DomainNameConfigurations: [{ CertificateArn: "arn:one", SecurityPolicy: "TLS_1_2" as const }],
      MutualTlsAuthentication: { TruststoreUri: "s3://trust/file" },
    };
    const mapping = { ApiId: "a1", Stage: "$default" };
    expect(different(compareDomain(stack, domain, right as never, [mapping]))).toEqual([]);
    expect(different(compareDomain(stack, domain, {} as never, [{ ...mapping, ApiId: "a2" }]))).toEqual([
      "certificate",
      "TLS",
      "clients' certificates",
      "leads to",
    ]);
  });

  test("a stage without throttling and without its access log", () => {
    const stage = only("aws_apigatewayv2_stage", {
      auto_deploy: true,
      default_route_settings: { throttling_burst_limit: 20, throttling_rate_limit: 10 },
      access_log_settings: { destination_arn: "arn:log", format: '{"status":"$context.status"}' },
    });
    expect(different(compareStage(stage, { AutoDeploy: true } as never))).toEqual([
      "burst limit",
      "rate limit",
      "access log",
      "access log format",
    ]);
  });
});

test("an alarm: another threshold, other metrics, nobody told", () => {
  const alarm = only("aws_cloudwatch_metric_alarm", {
    threshold: 1,
    alarm_actions: ["arn:topic"],
    metric_query: [
      { id: "sum", expression: "a + b", return_data: true },
      {
        id: "a",
        metric: {
          namespace: "AWS/SQS",
          metric_name: "Visible",
          period: 60,
          stat: "Maximum",
          dimensions: { Q: "q" },
        },
      },
    ],
  });
  const metric = (stat: string) => ({
    Id: "a",
    MetricStat: {
      Metric: { Namespace: "AWS/SQS", MetricName: "Visible", Dimensions: [{ Name: "Q", Value: "q" }] },
      Period: 60,
      Stat: stat,
    },
  });
  const sum = { Id: "sum", Expression: "a + b" };
  const good = { Threshold: 1, AlarmActions: ["arn:topic"], Metrics: [metric("Maximum"), sum] };
  expect(different(compareAlarm(alarm, good))).toEqual([]);
  expect(different(compareAlarm(alarm, { ...good, Metrics: [sum, metric("Average")] }))).toEqual([
    "metric math",
  ]);
  expect(different(compareAlarm(alarm, {}))).toEqual(["threshold", "alarm actions", "metric math"]);
});

describe("a bucket", () => {
  const of = { bucket: "overflow" };
  const stack = stackOf({
    aws_s3_bucket_server_side_encryption_configuration: {
      it: {
        ...of,
        rule: [
          {
            apply_server_side_encryption_by_default: {
              sse_algorithm: "aws:kms",
              kms_master_key_id: "arn:key",
            },
          },
        ],
      },
    },
    aws_s3_bucket_public_access_block: {
      it: {
        ...of,
        block_public_acls: true,
        ignore_public_acls: true,
        block_public_policy: true,
        restrict_public_buckets: true,
      },
    },
    aws_s3_bucket_lifecycle_configuration: {
      it: {
        ...of,
        rule: [
          {
            id: "expire",
            status: "Enabled",
            expiration: [{ days: 30 }],
            noncurrent_version_expiration: [{ noncurrent_days: 7 }],
          },
        ],
      },
    },
    aws_s3_bucket_versioning: { it: { ...of, versioning_configuration: { status: "Enabled" } } },
    aws_s3_bucket_policy: { it: { ...of, policy: '{"Statement":[]}' } },
  });
  const right: FoundBucket = {
    algorithm: "aws:kms",
    key: "arn:key",
    versioning: "Enabled",
    publicAccess: {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    },
    lifecycle: [
      {
        ID: "expire",
        Status: "Enabled",
        Expiration: { Days: 30 },
        NoncurrentVersionExpiration: { NoncurrentDays: 7 },
      },
    ],
    policy: '{"Statement":[]}',
    ownership: undefined,
  };

  test.each<[string, Partial<FoundBucket>, string[]]>([
    ["as asked", {}, []],
    ["not encrypted", { algorithm: undefined }, ["encryption"]],
    [
      "encrypted with S3's own key",
      { algorithm: "AES256", key: undefined },
      ["encryption", "encryption key"],
    ],
    ["without versions", { versioning: undefined }, ["versions"]],
    [
      "one door open",
      { publicAccess: { ...right.publicAccess, BlockPublicPolicy: false } },
      ["public policies blocked"],
    ],
    [
      "kept too short",
      { lifecycle: [{ ID: "expire", Status: "Enabled", Expiration: { Days: 3 } }] },
      ["expiration, days", "old versions, days"],
    ],
    ["kept for ever", { lifecycle: [] }, ["expiration, days", "old versions, days"]],
    ["no policy", { policy: undefined }, ["policy"]],
  ])("%s", (_title, change, expected) => {
    expect(different(compareBucket(stack, "overflow", { ...right, ...change }))).toEqual(expected);
  });

  test("for which encryption and a public access block were never asked", () => {
    const nothing = { ...right, algorithm: undefined, publicAccess: undefined, lifecycle: [] };
    expect(different(compareBucket(stackOf({}), "overflow", nothing))).toEqual([
      "encryption",
      "public ACLs blocked",
    ]);
  });
});

test("a parameter in plain text, or holding something else, whose value is never shown", () => {
  const parameter = only("aws_ssm_parameter", { type: "SecureString", value_wo: "placeholder" });
  expect(different(compareParameter(parameter, { Type: "SecureString", Value: "placeholder" }))).toEqual([]);
  const findings = compareParameter(parameter, { Type: "String", Value: "planted-secret" });
  expect(different(findings)).toEqual(["type", "holds the placeholder"]);
  expect(JSON.stringify(findings)).not.toMatch(/planted-secret/);
});

test("a log group that is kept for ever, or that is not there", () => {
  const stack = stackOf({
    aws_cloudwatch_log_group: {
      a: { name: "a", retention_in_days: 7 },
      b: { name: "b", retention_in_days: 7 },
    },
  });
  const kept = compareLogGroups(stack, [{ logGroupName: "a", retentionInDays: 7 }, { logGroupName: "b" }]);
  expect(kept.map(isMet)).toEqual([true, false]);
  expect(different(compareLogGroups(stack, []))).toHaveLength(2);
});

test("what is left after a destroy", () => {
  expect(isMet(compareRemaining("after", { queues: 0, APIs: 0 }))).toBe(true);
  const left = compareRemaining("after", { queues: 1, APIs: 0 });
  expect(isMet(left)).toBe(false);
  expect(left.found).toEqual({ queues: 1 });
});
