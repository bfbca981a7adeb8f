import { findings } from "../support/configuration.ts";
import { guardedInput, json, leastInput, ref, sharedInput, synthesise } from "../support/synthesise.ts";

const least = synthesise(leastInput);
const shared = synthesise(sharedInput);
const guarded = synthesise(guardedInput);
/** With the key for what holds events, and for nothing else. */
const keyed = synthesise({ ...guardedInput, encryptTableAndVariables: false });
const KEY = "arn:aws:kms:eu-west-1:123456789012:key/0a0b-0c0d";
/** Events lie in the first two, the others are needed to take them in and deliver them; the API for its URL. */
const DATA_TYPES = [
  "aws_sqs_queue",
  "aws_s3_bucket",
  "aws_dynamodb_table",
  "aws_ssm_parameter",
  "aws_apigatewayv2_api",
];

describe("what holds data", () => {
  const all = (stack: typeof least) => DATA_TYPES.flatMap((type) => Object.values(stack.resources(type)));

  test("is never destroyed by a plan, unless the environment is disposable", () => {
    expect(all(shared)).toHaveLength(6);
    for (const resource of all(shared))
      expect(resource).toMatchObject({ lifecycle: { prevent_destroy: true } });
    for (const resource of all(least)) expect(JSON.stringify(resource)).not.toContain("prevent_destroy");
  });

  test("a secret that a person has put in stays beside that", () => {
    expect(shared.resource("aws_ssm_parameter", "receiver_secrets_webhook")["lifecycle"]).toEqual({
      prevent_destroy: true,
      ignore_changes: expect.arrayContaining(["value", "value_wo", "value_wo_version"]),
    });
  });
});

describe("encryption at rest", () => {
  test("is each service's own by default", () => {
    for (const queue of Object.values(least.resources("aws_sqs_queue"))) {
      expect(queue["sqs_managed_sse_enabled"]).toBe(true);
    }
    // The alarms' topic alone has a key of its own: CloudWatch may use no other.
    const types = Object.entries(least.json["resource"] as Record<string, unknown>);
    const keyed = types.filter(([, resources]) => /"kms_\w+":/.test(JSON.stringify(resources)));
    expect(keyed.map(([type]) => type)).toEqual(["aws_sns_topic"]);
  });

  test("is by the team's key where there is one: queues, bucket, secrets and logs", () => {
    for (const queue of Object.values(guarded.resources("aws_sqs_queue"))) {
      expect(queue["kms_master_key_id"]).toBe(KEY);
      expect(queue).not.toHaveProperty("sqs_managed_sse_enabled"); // SQS takes one of the two
    }
    expect(
      guarded.resource("aws_s3_bucket_server_side_encryption_configuration", "overflow_encryption"),
    ).toMatchObject({
      rule: [
        {
          apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: KEY },
          bucket_key_enabled: true,
        },
      ],
    });
    for (const parameter of Object.values(guarded.resources("aws_ssm_parameter"))) {
      expect(parameter["key_id"]).toBe(KEY);
    }
    const logs = Object.values(guarded.resources("aws_cloudwatch_log_group"));
    expect(logs).toHaveLength(4);
    for (const group of logs) expect(group["kms_key_id"]).toBe(KEY);
  });

  test("a function may use the key, by way of the services whose data it encrypts", () => {
    for (const name of ["receiver", "processor", "recovery"]) {
      expect(json(keyed.resource("aws_iam_role_policy", `${name}_key_0a0b-0c0d`)["policy"])).toEqual({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "UseKey",
            Effect: "Allow",
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            Resource: KEY,
            Condition: {
              StringEquals: {
                "kms:ViaService": [
                  "s3.eu-west-1.amazonaws.com",
                  "sqs.eu-west-1.amazonaws.com",
                  "ssm.eu-west-1.amazonaws.com",
                ],
              },
            },
          },
        ],
      });
    }
  });
});

describe("the state table and the functions' variables", () => {
  test("are encrypted with the team's key where it says so, and otherwise each by its service's own", () => {
    const encryption = { server_side_encryption: { enabled: true, kms_key_arn: KEY } };
    expect(guarded.resource("aws_dynamodb_table", "state")).toMatchObject(encryption);
    expect(keyed.resource("aws_dynamodb_table", "state")).not.toHaveProperty("server_side_encryption");
    for (const name of ["receiver", "processor", "recovery"]) {
      expect(guarded.resource("aws_lambda_function", name)["kms_key_arn"]).toBe(KEY);
      expect(keyed.resource("aws_lambda_function", name)).not.toHaveProperty("kms_key_arn");
    }
  });

  test("need rights that DynamoDB and Lambda ask for, each by way of that service alone", () => {
    for (const name of ["receiver", "processor", "recovery"]) {
      const { Statement } = json(
        guarded.resource("aws_iam_role_policy", `${name}_key_0a0b-0c0d`)["policy"],
      ) as { Statement: Record<string, unknown>[] };
      const [own, table, grant] = Statement;
      expect(JSON.stringify(own)).toContain("lambda.eu-west-1.amazonaws.com");
      const viaDynamoDb = { StringEquals: { "kms:ViaService": ["dynamodb.eu-west-1.amazonaws.com"] } };
      expect(table).toMatchObject({ Sid: "UseKeyForTable", Resource: KEY, Condition: viaDynamoDb });
      expect(grant).toEqual({
        Sid: "LetTableUseKey",
        Effect: "Allow",
        Action: "kms:CreateGrant",
        Resource: KEY,
        Condition: { ...viaDynamoDb, Bool: { "kms:GrantIsForAWSResource": "true" } },
      });
    }
  });

  test("wait for those rights", () => {
    const waits = guarded.resource("aws_dynamodb_table", "state")["depends_on"];
    expect(waits).toEqual(
      ["receiver", "processor", "recovery"].map((name) => `aws_iam_role_policy.${name}_key_0a0b-0c0d`),
    );
  });

  test("without a key are a finding", () => {
    expect(findings({ env: { ...leastInput, encryptTableAndVariables: true } })).toEqual([
      expect.stringMatching(/^env\.encryptTableAndVariables: .* name encryptionKeyArn too/),
    ]);
  });
});

describe("traces", () => {
  test("are sent where they are switched on, by all functions", () => {
    for (const name of ["receiver", "processor", "recovery"]) {
      expect(guarded.resource("aws_lambda_function", name)["tracing_config"]).toEqual({ mode: "Active" });
      expect(statement(name, "WriteTraces")).toMatchObject({
        Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
        Resource: "*",
      });
    }
  });

  test("are not, by default", () => {
    expect(JSON.stringify(least.json)).not.toMatch(/tracing|xray/);
  });
});

test("the receiver alone can have invocations of its own: the processor would lose receives to them", () => {
  expect(guarded.resource("aws_lambda_function", "receiver")["reserved_concurrent_executions"]).toBe(50);
  for (const [stack, name] of [
    [least, "receiver"],
    [guarded, "processor"],
    [guarded, "recovery"],
  ] as const) {
    expect(stack.resource("aws_lambda_function", name)).not.toHaveProperty("reserved_concurrent_executions");
  }
});

describe("a domain of the team's own", () => {
  test("leads to the API, asks clients for a certificate, and is the only way in", () => {
    expect(guarded.resources("aws_apigatewayv2_domain_name")).toEqual({
      api_domain: {
        domain_name: "events.example.com",
        domain_name_configuration: {
          certificate_arn: "arn:aws:acm:eu-west-1:123456789012:certificate/0f0f",
          endpoint_type: "REGIONAL",
          security_policy: "TLS_1_2",
        },
        mutual_tls_authentication: { truststore_uri: "s3://trust/clients.pem", truststore_version: "v7" },
      },
    });
    expect(guarded.resources("aws_apigatewayv2_api_mapping")).toEqual({
      api_domain_mapping: {
        api_id: ref("aws_apigatewayv2_api.api.id"),
        domain_name: ref("aws_apigatewayv2_domain_name.api_domain.id"),
        stage: ref("aws_apigatewayv2_stage.api_stage.name"),
      },
    });
    expect(guarded.resource("aws_apigatewayv2_api", "api")["disable_execute_api_endpoint"]).toBe(true);
    expect(accessLog(guarded)).toBe(`${accessLog(least)} "$context.identity.clientCert.subjectDN"`);
  });

  test("is where Genesys posts to; the outputs say where its DNS record has to point", () => {
    expect(guarded.json["output"]).toMatchObject({
      webhook_url: { value: "https://events.example.com/webhook" },
      domain_target: {
        value: ref("aws_apigatewayv2_domain_name.api_domain.domain_name_configuration[0].target_domain_name"),
      },
      domain_hosted_zone_id: {
        value: ref("aws_apigatewayv2_domain_name.api_domain.domain_name_configuration[0].hosted_zone_id"),
      },
    });
  });

  test("leaves AWS's open beside it as long as that is asked for", () => {
    const domain = { ...guardedInput.domain, keepAwsName: true } as NonNullable<typeof guardedInput.domain>;
    const both = synthesise({ ...guardedInput, domain });
    expect(both.resource("aws_apigatewayv2_api", "api")["disable_execute_api_endpoint"]).toBe(false);
  });

  test("is nobody's by default: AWS's name leads to the API", () => {
    expect(least.resources("aws_apigatewayv2_domain_name")).toEqual({});
    // Written out: what is not, Terraform leaves as a name before has left it.
    expect(least.resource("aws_apigatewayv2_api", "api")["disable_execute_api_endpoint"]).toBe(false);
    expect(accessLog(least)).not.toContain("clientCert");
  });
});

test("the access log tells who called, what became of it, and nothing of the event", () => {
  expect(accessLog(least)).toBe(
    'test api $context.requestId $context.identity.sourceIp "$context.routeKey" $context.status ' +
      '$context.integrationLatency "$context.integrationErrorMessage"',
  );
});

function accessLog(stack: typeof least): string {
  const { access_log_settings } = stack.resource("aws_apigatewayv2_stage", "api_stage");
  return (access_log_settings as { format: string }).format;
}

function statement(name: string, sid: string): unknown {
  const { policy } = guarded.resource("aws_iam_role_policy", `${name}_policy`);
  const { Statement } = json(policy) as { Statement: { Sid?: string }[] };
  return Statement.find((each) => each.Sid === sid);
}
