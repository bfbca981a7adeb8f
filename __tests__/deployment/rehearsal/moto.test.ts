import {
  CreateApiCommand,
  CreateDomainNameCommand,
  CreateStageCommand,
  DeleteApiCommand,
  DeleteRouteSettingsCommand,
  GetDomainNameCommand,
  GetStageCommand,
  UpdateDomainNameCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-apigatewayv2";
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  UpdateTableCommand,
} from "@aws-sdk/client-dynamodb";
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionConfigurationCommand,
  GetFunctionRecursionConfigCommand,
  PutFunctionRecursionConfigCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import { type Cloud, connect } from "../../../deployment/rehearsal/cloud.ts";
import { findMoto, type Moto, startMoto } from "../../../deployment/rehearsal/moto.ts";
import { requireNothingLeft } from "../../../deployment/rehearsal/remaining.ts";

// The emulator loads a service when it is first called.
const TIMEOUT_MILLISECONDS = 60_000;

const found = findMoto();
if ("missing" in found && process.env["CI"] !== "true") {
  test.skip(`moto is not tested: ${found.missing}`, () => {});
} else {
  describe("the emulator", () => {
    let moto: Moto;
    let cloud: Cloud;

    beforeAll(async () => {
      moto = await startMoto();
      cloud = connect(moto.endpoint, "eu-west-1");
    }, TIMEOUT_MILLISECONDS);
    afterAll(async () => {
      cloud.close();
      await moto.stop();
      expect(() => process.kill(moto.pid, 0)).toThrow("ESRCH");
    });

    async function queue(name: string, attributes: Record<string, string>): Promise<string> {
      const made = await cloud.sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
      return made.QueueUrl ?? "";
    }
    async function attributesOf(QueueUrl: string) {
      const answer = await cloud.sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
      );
      return answer.Attributes ?? {};
    }
    /** Without a client of its own: nothing else here calls IAM. */
    async function createRole(RoleName: string) {
      const scope = "20261124/us-east-1/iam/aws4_request";
      const answer = await fetch(moto.endpoint, {
        method: "POST",
        headers: { authorization: `AWS4-HMAC-SHA256 Credential=rehearsal/${scope}, Signature=none` },
        body: new URLSearchParams({
          Action: "CreateRole",
          Version: "2010-05-08",
          RoleName,
          AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [] }),
        }),
      });
      expect(answer.status).toBe(200);
    }
    const set = (QueueUrl: string, Attributes: Record<string, string>) =>
      cloud.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));

    test(
      "a queue keeps its RedriveAllowPolicy, given when it is made or later",
      async () => {
        const policy = JSON.stringify({ redrivePermission: "denyAll" });
        const early = await queue("early", { RedriveAllowPolicy: policy });
        const late = await queue("late", {});
        expect(await attributesOf(late)).not.toHaveProperty("RedriveAllowPolicy");
        await set(late, { RedriveAllowPolicy: policy });
        for (const url of [early, late]) {
          expect(await attributesOf(url)).toHaveProperty("RedriveAllowPolicy", policy);
        }
        const asked = new GetQueueAttributesCommand({
          QueueUrl: late,
          AttributeNames: ["RedriveAllowPolicy"],
        });
        expect((await cloud.sqs.send(asked)).Attributes).toEqual({ RedriveAllowPolicy: policy });
      },
      TIMEOUT_MILLISECONDS,
    );

    test(
      "a queue keeps its Policy when its RedrivePolicy is set, which comes back as SQS spells it",
      async () => {
        const target = (await attributesOf(await queue("aside", {})))["QueueArn"];
        const url = await queue("main", {});
        const policy = { Version: "2012-10-17", Statement: [{ Effect: "Deny", Action: "sqs:*" }] };
        const redrive = JSON.stringify({ deadLetterTargetArn: target, maxReceiveCount: 5 });
        await set(url, { Policy: JSON.stringify(policy) });
        await set(url, { RedrivePolicy: redrive });
        const kept = await attributesOf(url);
        expect(JSON.parse(kept["Policy"] ?? "")).toEqual(policy);
        expect(kept["RedrivePolicy"]).toBe(redrive);
        await set(url, { Policy: "" });
        expect((await attributesOf(url))["Policy"] ?? "").toBe("");
      },
      TIMEOUT_MILLISECONDS,
    );

    test(
      "a queue has a key or SQS's own encryption, never both",
      async () => {
        const url = await queue("encrypted", { SqsManagedSseEnabled: "true" });
        await set(url, { KmsMasterKeyId: "key" });
        expect(await attributesOf(url)).toMatchObject({
          KmsMasterKeyId: "key",
          SqsManagedSseEnabled: "false",
        });
        await set(url, { SqsManagedSseEnabled: "true" });
        expect(await attributesOf(url)).toMatchObject({ SqsManagedSseEnabled: "true" });
        expect(await attributesOf(url)).not.toHaveProperty("KmsMasterKeyId");
      },
      TIMEOUT_MILLISECONDS,
    );

    test(
      "a bucket takes objects although its policy denies calls without TLS",
      async () => {
        const Bucket = "with-a-policy";
        const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" } as const;
        await cloud.s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
        const statement = {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: `arn:aws:s3:::${Bucket}/*`,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        };
        const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
        await cloud.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
        await cloud.s3.send(new PutObjectCommand({ Bucket, Key: "event", Body: "bytes" }));
        await cloud.s3.send(new DeleteObjectCommand({ Bucket, Key: "event" }));
        await cloud.s3.send(new DeleteBucketCommand({ Bucket }));
      },
      TIMEOUT_MILLISECONDS,
    );

    test(
      "an API's stage and domain name are changed, and a route's settings go with the route",
      async () => {
        const { ApiId } = await cloud.api.send(new CreateApiCommand({ Name: "api", ProtocolType: "HTTP" }));
        const StageName = "$default";
        const settings = { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 5 };
        const RouteSettings = { "POST /a": settings, "POST /a/{id}": settings };
        await cloud.api.send(new CreateStageCommand({ ApiId, StageName, RouteSettings }));
        await cloud.api.send(
          new UpdateStageCommand({ ApiId, StageName, DefaultRouteSettings: { ThrottlingRateLimit: 7 } }),
        );
        const RouteKey = "POST /a/{id}";
        await cloud.api.send(new DeleteRouteSettingsCommand({ ApiId, StageName, RouteKey }));
        expect(await cloud.api.send(new GetStageCommand({ ApiId, StageName }))).toMatchObject({
          DefaultRouteSettings: { ThrottlingRateLimit: 7 },
          RouteSettings: { "POST /a": settings },
        });
        const DomainName = "events.example.com";
        const configuration = (CertificateArn: string) => [
          { CertificateArn, EndpointType: "REGIONAL" as const },
        ];
        await cloud.api.send(
          new CreateDomainNameCommand({ DomainName, DomainNameConfigurations: configuration("one") }),
        );
        await cloud.api.send(
          new UpdateDomainNameCommand({ DomainName, DomainNameConfigurations: configuration("two") }),
        );
        expect(await cloud.api.send(new GetDomainNameCommand({ DomainName }))).toMatchObject({
          DomainNameConfigurations: [{ CertificateArn: "two" }],
        });
        const trust = async (MutualTlsAuthentication: {
          TruststoreUri?: string;
          TruststoreVersion?: string;
        }) => {
          await cloud.api.send(new UpdateDomainNameCommand({ DomainName, MutualTlsAuthentication }));
          return (await cloud.api.send(new GetDomainNameCommand({ DomainName }))).MutualTlsAuthentication;
        };
        await trust({ TruststoreUri: "s3://trust/a.pem" });
        expect(await trust({ TruststoreVersion: "v2" })).toEqual({
          TruststoreUri: "s3://trust/a.pem",
          TruststoreVersion: "v2",
        });
        expect(await trust({ TruststoreUri: "" })).toBeUndefined();
        await cloud.api.send(new DeleteApiCommand({ ApiId }));
      },
      TIMEOUT_MILLISECONDS,
    );

    test(
      "a log group gets another key, and none",
      async () => {
        const call = async (action: string, input: object) => {
          const scope = "20261124/eu-west-1/logs/aws4_request";
          const answer = await fetch(moto.endpoint, {
            method: "POST",
            headers: {
              "content-type": "application/x-amz-json-1.1",
              "x-amz-target": `Logs_20140328.${action}`,
              authorization: `AWS4-HMAC-SHA256 Credential=rehearsal/${scope}, Signature=none`,
            },
            body: JSON.stringify(input),
          });
          expect([action, answer.status]).toEqual([action, 200]);
          return (await answer.text()) || "{}";
        };
        const logGroupName = "encrypted";
        const keyOf = async () =>
          (JSON.parse(await call("DescribeLogGroups", {})) as { logGroups: { kmsKeyId?: string }[] })
            .logGroups[0]?.kmsKeyId;
        await call("CreateLogGroup", { logGroupName });
        await call("AssociateKmsKey", { logGroupName, kmsKeyId: "key" });
        expect(await keyOf()).toBe("key");
        await call("DisassociateKmsKey", { logGroupName });
        expect(await keyOf()).toBeUndefined();
        await call("DeleteLogGroup", { logGroupName });
      },
      TIMEOUT_MILLISECONDS,
    );

    test(
      "a function's recursion configuration is kept, and ends loops unless somebody says otherwise",
      async () => {
        const FunctionName = "looping";
        await createRole("rehearsal");
        await cloud.lambda.send(
          new CreateFunctionCommand({
            FunctionName,
            Role: "arn:aws:iam::123456789012:role/rehearsal",
            Runtime: "nodejs22.x",
            Handler: "index.handler",
            Code: { ZipFile: Buffer.from("not a zip") },
          }),
        );
        const kept = () => cloud.lambda.send(new GetFunctionRecursionConfigCommand({ FunctionName }));
        expect(await kept()).toMatchObject({ RecursiveLoop: "Terminate" });
        await cloud.lambda.send(
          new PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop: "Allow" }),
        );
        expect(await kept()).toMatchObject({ RecursiveLoop: "Allow" });
        await cloud.lambda.send(new DeleteFunctionCommand({ FunctionName }));
      },
      TIMEOUT_MILLISECONDS,
    );

    test(
      "a table keeps a key that comes later, and loses it again",
      async () => {
        const TableName = "encrypted";
        await cloud.dynamodb.send(
          new CreateTableCommand({
            TableName,
            AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
            KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
            BillingMode: "PAY_PER_REQUEST",
          }),
        );
        const kept = async () =>
          (await cloud.dynamodb.send(new DescribeTableCommand({ TableName }))).Table?.SSEDescription
            ?.KMSMasterKeyArn;
        const KMSMasterKeyId = "arn:aws:kms:eu-west-1:123456789012:key/1";
        for (const SSESpecification of [
          { Enabled: true, SSEType: "KMS" as const, KMSMasterKeyId },
          { Enabled: false },
        ]) {
          await cloud.dynamodb.send(new UpdateTableCommand({ TableName, SSESpecification }));
          expect(await kept()).toBe(SSESpecification.Enabled ? KMSMasterKeyId : undefined);
        }
        await cloud.dynamodb.send(new DeleteTableCommand({ TableName }));
      },
      TIMEOUT_MILLISECONDS,
    );

    test(
      "a function keeps the key of its variables, given when it is made, changed or taken back",
      async () => {
        const FunctionName = "encrypted";
        const key = (id: string) => `arn:aws:kms:eu-west-1:123456789012:key/${id}`;
        await createRole("encrypting");
        await cloud.lambda.send(
          new CreateFunctionCommand({
            FunctionName,
            Role: "arn:aws:iam::123456789012:role/encrypting",
            Runtime: "nodejs22.x",
            Handler: "index.handler",
            Code: { ZipFile: Buffer.from("not a zip") },
            KMSKeyArn: key("1"),
          }),
        );
        const kept = async () =>
          (await cloud.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))).KMSKeyArn ?? "";
        expect(await kept()).toBe(key("1"));
        for (const KMSKeyArn of [key("2"), ""]) {
          await cloud.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, KMSKeyArn }));
          expect(await kept()).toBe(KMSKeyArn);
        }
        await cloud.lambda.send(new DeleteFunctionCommand({ FunctionName }));
      },
      TIMEOUT_MILLISECONDS,
    );

    test(
      "what is left after a destroy is named, each kind with its number",
      async () => {
        const other = connect(moto.endpoint, "eu-central-1");
        try {
          await requireNothingLeft("an empty region", other);
          await other.sqs.send(new CreateQueueCommand({ QueueName: "left" }));
          await expect(requireNothingLeft("after", other)).rejects.toThrow(
            "after is not as it has to be:\n  queues: expected 0, found 1",
          );
        } finally {
          other.close();
        }
      },
      TIMEOUT_MILLISECONDS,
    );
  });
}
