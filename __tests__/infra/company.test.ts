import type { EnvironmentInput } from "../../infra/settings.ts";
import { findings, warnings } from "../support/configuration.ts";
import { guardedInput, json, leastInput, sharedInput, synthesise } from "../support/synthesise.ts";

const BOUNDARY = "arn:aws:iam::123456789012:policy/boundary";
const vpc = { subnetIds: ["subnet-0a0a", "subnet-0b0b"], securityGroupIds: ["sg-0c0c"] };
const functions = ["receiver", "processor", "recovery"];

test("without them nothing of it is asked for", () => {
  const stack = JSON.stringify(synthesise(sharedInput).json);
  for (const word of ["permissions_boundary", "vpc_config", "aws_s3_bucket_logging", "allowed_account_ids"])
    expect(stack).not.toContain(word);
  expect(Object.values(synthesise(sharedInput).resources("aws_iam_role"))[0]).not.toHaveProperty("path");
});

test("every role has the account's boundary and path", () => {
  const stack = synthesise({ ...leastInput, permissionsBoundaryArn: BOUNDARY, rolePath: "/webhooks/" });
  const roles = Object.values(stack.resources("aws_iam_role"));
  expect(roles).toHaveLength(3);
  for (const role of roles) {
    expect(role).toMatchObject({ permissions_boundary: BOUNDARY, path: "/webhooks/" });
  }
});

test("another account is refused by Terraform", () => {
  const stack = synthesise({ ...leastInput, allowedAccountIds: ["123456789012"] });
  expect(stack.json["provider"]).toMatchObject({ aws: [{ allowed_account_ids: ["123456789012"] }] });
});

describe("a VPC", () => {
  const stack = synthesise({ ...leastInput, vpc });

  test("is every function's", () => {
    for (const name of functions) {
      expect(stack.resource("aws_lambda_function", name)["vpc_config"]).toEqual({
        subnet_ids: vpc.subnetIds,
        security_group_ids: vpc.securityGroupIds,
      });
    }
  });

  test("Lambda may join it with the function's role, and the function's own code may not", () => {
    for (const name of functions) {
      const { Statement } = json(stack.resource("aws_iam_role_policy", `${name}_policy`)["policy"]) as {
        Statement: Record<string, unknown>[];
      };
      const [allow, deny] = ["JoinVpc", "JoinVpcByLambdaAlone"].map((sid) =>
        Statement.find(({ Sid }) => Sid === sid),
      );
      expect(allow).toMatchObject({ Effect: "Allow" });
      expect(allow?.["Action"]).toContain("ec2:CreateNetworkInterface");
      expect(deny).toMatchObject({
        Effect: "Deny",
        Action: allow?.["Action"],
        Condition: {
          ArnLike: {
            "lambda:SourceFunctionArn": `arn:aws:lambda:eu-west-1:*:function:genesys-events-test-${name}`,
          },
        },
      });
    }
  });

  test("is said to need a way to AWS, and more than one availability zone", () => {
    const subnetIds = ["subnet-0a0a"];
    const said = warnings({ env: { ...leastInput, vpc: { ...vpc, subnetIds } } });
    expect(said).toContainEqual(expect.stringMatching(/^env\.vpc: .*NAT gateway or endpoints/));
    expect(said).toContainEqual(expect.stringMatching(/^env\.vpc\.subnetIds: one subnet/));
    expect(warnings({ env: { ...leastInput, vpc } }).join()).not.toContain("subnetIds");
  });

  test("is what a private destination needs, where events count", () => {
    const destination = { kind: "http", url: "https://crm.internal/", allowPrivateAddresses: true } as const;
    const inside: EnvironmentInput = { ...sharedInput, destination, vpc };
    expect(findings({ env: inside })).toEqual([]);
    const { vpc: _, ...outside } = inside;
    expect(findings({ env: outside })).toEqual([
      expect.stringMatching(/^env\.destination\.allowPrivateAddresses: true — .* name vpc too/),
    ]);
    expect(findings({ env: { ...leastInput, destination } })).toEqual([]);
  });
});

test("the bucket's requests are told to a bucket of the team's", () => {
  const logged = synthesise({ ...leastInput, overflow: { accessLogs: { bucket: "team-logs" } } });
  expect(logged.resource("aws_s3_bucket_logging", "overflow_access_logs")).toMatchObject({
    target_bucket: "team-logs",
    target_prefix: "genesys-events-test/",
  });
});

describe("the state", () => {
  const terraformOf = (backend: EnvironmentInput["backend"]) =>
    synthesise({ ...sharedInput, backend }).json["terraform"];

  test("in S3 has a key and a role where they are named", () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/0a";
    const roleArn = "arn:aws:iam::123456789012:role/state";
    const at = { bucket: "state", key: "key", region: "eu-west-1" };
    expect(terraformOf({ kind: "s3", ...at, kmsKeyArn, roleArn })).toHaveProperty("backend", {
      s3: {
        ...at,
        encrypt: true,
        use_lockfile: true,
        kms_key_id: kmsKeyArn,
        assume_role: { role_arn: roleArn },
      },
    });
  });

  test("behind HTTP has a lock, unless the environment is disposable", () => {
    const address = "https://gitlab.example.com/api/v4/projects/1/terraform/state/production";
    const lock = { lockAddress: `${address}/lock`, unlockAddress: `${address}/lock` };
    const methods = { lockMethod: "POST", unlockMethod: "DELETE" } as const;
    expect(terraformOf({ kind: "http", address, ...lock, ...methods })).toHaveProperty("backend", {
      http: {
        address,
        lock_address: lock.lockAddress,
        unlock_address: lock.unlockAddress,
        lock_method: "POST",
        unlock_method: "DELETE",
      },
    });
    const open = { kind: "http", address } as const;
    expect(findings({ env: { ...sharedInput, backend: open } })).toEqual([
      expect.stringMatching(/^env\.backend\.lockAddress: .*ruin the state/),
    ]);
    expect(findings({ env: { ...leastInput, backend: open } })).toEqual([]);
  });

  test("in HCP Terraform is a workspace's", () => {
    const cloud = { kind: "cloud", organization: "acme", workspace: "webhooks-production" } as const;
    expect(terraformOf(cloud)).toHaveProperty("cloud", {
      organization: "acme",
      workspaces: { name: "webhooks-production" },
    });
    expect(terraformOf({ ...cloud, hostname: "tfe.example.com" })).toHaveProperty(
      "cloud.hostname",
      "tfe.example.com",
    );
  });

  test.each<EnvironmentInput["backend"]>([
    { kind: "local", path: "one.tfstate" },
    { kind: "s3", bucket: "state", key: "key", region: "eu-west-1" },
    { kind: "http", address: "https://state.example.com/one" },
    { kind: "cloud", organization: "acme", workspace: "one" },
  ])("of two environments is never the same: $kind", (backend) => {
    const other: EnvironmentInput = { ...leastInput, backend };
    expect(findings({ one: other, two: other })).toEqual([
      expect.stringMatching(/^two\.backend: .* is one's state too/),
    ]);
  });
});

describe("every partition", () => {
  const kmsKey = (partition: string, region: string) => `arn:${partition}:kms:${region}:123456789012:key/0a`;

  test.each([
    ["eu-west-1", "aws"],
    ["us-gov-west-1", "aws-us-gov"],
    ["cn-north-1", "aws-cn"],
    ["eusc-de-east-1", "aws-eusc"],
    ["us-iso-east-1", "aws-iso"],
    ["us-isob-east-1", "aws-iso-b"],
  ])("%s: no ARN of another partition is in the stack", (region, partition) => {
    const input: EnvironmentInput = {
      ...guardedInput,
      region,
      encryptionKeyArn: kmsKey(partition, region),
      permissionsBoundaryArn: `arn:${partition}:iam::123456789012:policy/boundary`,
      domain: {
        name: "events.example.com",
        certificateArn: `arn:${partition}:acm:${region}:123456789012:certificate/0f`,
      },
    };
    const stack = JSON.stringify(synthesise(input).json);
    const partitions = [...stack.matchAll(/arn:(aws[a-z-]*):/g)].map(([, name]) => name);
    expect([...new Set(partitions)]).toEqual([partition]);
  });

  test("a key is used by the services of the region's partition", () => {
    const region = "cn-north-1";
    const key = { ...leastInput, region, encryptionKeyArn: kmsKey("aws-cn", region) };
    const policy = synthesise(key).resource("aws_iam_role_policy", "receiver_key_0a")["policy"];
    expect(String(policy)).toContain("sqs.cn-north-1.amazonaws.com.cn");
  });
});

test("the API is protected like data, since its URL is what Genesys Cloud knows", () => {
  const api = (input: EnvironmentInput) => synthesise(input).resource("aws_apigatewayv2_api", "api");
  expect(api(sharedInput)).toMatchObject({ lifecycle: { prevent_destroy: true } });
  expect(api(leastInput)).not.toHaveProperty("lifecycle");
});
