import type { EnvironmentInput } from "../../infra/settings.ts";
import { fullInput, leastInput, ref, synthesise } from "../support/synthesise.ts";

const least = synthesise(leastInput);
const full = synthesise(fullInput);
const API = ref("aws_apigatewayv2_api.api.id");

/** The permissions to call the receiver. */
const apiPermissions = (stack: typeof full) =>
  Object.values(stack.resources("aws_lambda_permission")).filter(
    (permission) => permission["function_name"] === ref("aws_lambda_function.receiver.function_name"),
  );

test("an enabled source has a route, and the right to call the receiver by that route alone", () => {
  const routes = Object.values(full.resources("aws_apigatewayv2_route"));
  const permissions = apiPermissions(full);
  const execution = ref("aws_apigatewayv2_api.api.execution_arn");

  expect(routes.map((route) => route["route_key"])).toEqual([
    "POST /data-action",
    "POST /open-messaging/{integrationId}",
    "POST /webhook",
  ]);
  for (const route of routes) {
    expect(route).toMatchObject({
      api_id: API,
      target: `integrations/${ref("aws_apigatewayv2_integration.api_integration.id")}`,
    });
  }
  expect(permissions.map((permission) => permission["source_arn"])).toEqual([
    `${execution}/*/POST/data-action`,
    `${execution}/*/POST/open-messaging/*`,
    `${execution}/*/POST/webhook`,
  ]);
  for (const permission of permissions) {
    expect(permission).toMatchObject({
      action: "lambda:InvokeFunction",
      principal: "apigateway.amazonaws.com",
    });
  }
});

test("a source that is off has neither", () => {
  expect(Object.values(least.resources("aws_apigatewayv2_route")).map((route) => route["route_key"])).toEqual(
    ["POST /webhook"],
  );
  expect(apiPermissions(least)).toHaveLength(1);
});

test("the receiver gets events in format 2.0", () => {
  expect(full.resources("aws_apigatewayv2_integration")).toEqual({
    api_integration: {
      api_id: API,
      integration_type: "AWS_PROXY",
      integration_uri: ref("aws_lambda_function.receiver.invoke_arn"),
      payload_format_version: "2.0",
    },
  });
});

test("a preflight is answered where an enabled source may be called by a browser, with the tutorial's headers and the signature's", () => {
  const cors = synthesise({ ...leastInput, cors: { allowOrigins: ["https://app.example.com"] } });
  expect(cors.resource("aws_apigatewayv2_api", "api")["cors_configuration"]).toEqual({
    allow_origins: ["https://app.example.com"],
    allow_methods: ["POST", "OPTIONS"],
    allow_headers: [
      "Content-Type",
      "X-Amz-Date",
      "Authorization",
      "X-Api-Key",
      "X-Amz-Security-Token",
      "X-Hub-Signature-256",
    ],
  });
  const without = synthesise({
    ...leastInput,
    sources: { "data-action": { authentication: { kind: "shared-secret" } } },
  });
  expect(without.resource("aws_apigatewayv2_api", "api")).not.toHaveProperty("cors_configuration");
});

test("the stage deploys by itself, throttles, and logs every request", () => {
  const stack = synthesise({
    ...leastInput,
    throttling: { ratePerSecond: 7, burst: 9 },
    logRetentionDays: 5,
  });
  const stage = stack.resource("aws_apigatewayv2_stage", "api_stage");
  expect(stage).toMatchObject({
    api_id: API,
    name: "$default",
    auto_deploy: true,
    default_route_settings: { throttling_rate_limit: 7, throttling_burst_limit: 9 },
    access_log_settings: { destination_arn: ref("aws_cloudwatch_log_group.api_access_logs.arn") },
  });
  const { format } = stage["access_log_settings"] as { format: string };
  expect(format.split(" ").filter((field) => field.includes("$"))).toEqual([
    "$context.requestId",
    "$context.identity.sourceIp",
    '"$context.routeKey"',
    "$context.status",
    "$context.integrationLatency",
    '"$context.integrationErrorMessage"',
  ]);
  // A stranger says what stands in these, up to 10 KB of it.
  for (const long of ["$context.path", "userAgent", "protocol", "domainName"])
    expect(format).not.toContain(long);
  expect(stack.resource("aws_cloudwatch_log_group", "api_access_logs")["retention_in_days"]).toBe(5);
});

test("each of several routes has a throttle for itself, so that a flood of one leaves the others theirs", () => {
  const throttled = (input: EnvironmentInput) => {
    const stage = synthesise(input).resource("aws_apigatewayv2_stage", "api_stage");
    return [stage["route_settings"], stage["depends_on"]];
  };
  expect(throttled(leastInput)).toEqual([undefined, undefined]);
  const own = { ratePerSecond: 5, burst: 6 };
  const webhook = { authentication: { kind: "signature" }, throttling: own } as const;
  const route = (route_key: string, ratePerSecond: number, burst: number) => ({
    route_key,
    throttling_rate_limit: ratePerSecond,
    throttling_burst_limit: burst,
  });
  expect(throttled({ ...leastInput, sources: { webhook } })).toEqual([
    [route("POST /webhook", 5, 6)],
    ["aws_apigatewayv2_route.api_route_webhook"],
  ]);
  const dataAction = { authentication: { kind: "shared-secret" } } as const;
  const both = { ...leastInput, throttling: { ratePerSecond: 70, burst: 90 } };
  expect(throttled({ ...both, sources: { webhook, "data-action": dataAction } })).toEqual([
    [route("POST /webhook", 5, 6), route("POST /data-action", 70, 90)],
    ["aws_apigatewayv2_route.api_route_webhook", "aws_apigatewayv2_route.api_route_data-action"],
  ]);
});

test("outputs say where to post, and where everything is that a person looks into", () => {
  const outputs = full.json["output"] as Record<string, { value: string }>;
  expect(Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]))).toEqual({
    alarm_topic: ref("aws_sns_topic.alarms_topic.arn"),
    webhook_url: `${ref("aws_apigatewayv2_api.api.api_endpoint")}/webhook`,
    open_messaging_url: `${ref("aws_apigatewayv2_api.api.api_endpoint")}/open-messaging/{integrationId}`,
    data_action_url: `${ref("aws_apigatewayv2_api.api.api_endpoint")}/data-action`,
    environment: "test",
    region: "eu-west-1",
    name_prefix: "genesys-events-test",
    queue_url: ref("aws_sqs_queue.queues_main.url"),
    dead_letter_queue_url: ref("aws_sqs_queue.queues_dead_letter.url"),
    overflow_bucket: ref("aws_s3_bucket.overflow.bucket"),
    receiver_function: ref("aws_lambda_function.receiver.function_name"),
    processor_function: ref("aws_lambda_function.processor.function_name"),
    recovery_function: ref("aws_lambda_function.recovery.function_name"),
    state_table: ref("aws_dynamodb_table.state.name"),
    event_source_mapping: ref("aws_lambda_event_source_mapping.processor_mapping.uuid"),
    secrets_key: "alias/aws/ssm",
    secret_parameters: {
      webhook: ref("aws_ssm_parameter.receiver_secrets_webhook.name"),
      "open-messaging/6f0c2a1e-1111-4222-8333-444455556666": ref(
        "aws_ssm_parameter.receiver_secrets_open-messaging_6f0c2a1e-1111-4222-8333-444455556666.name",
      ),
      "open-messaging/second.one": ref(
        "aws_ssm_parameter.receiver_secrets_open-messaging_second_2e_one.name",
      ),
      "data-action": ref("aws_ssm_parameter.receiver_secrets_data-action.name"),
      destination: ref("aws_ssm_parameter.processor_destination_secret.name"),
      "destination-signing": ref("aws_ssm_parameter.processor_destination_signing.name"),
    },
  });
});
