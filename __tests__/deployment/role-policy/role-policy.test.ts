import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { resourceTypes } from "../../../deployment/role-policy/resource-types.ts";
import { rolePolicy } from "../../../deployment/role-policy/role-policy.ts";
import { POLICY_CHARACTERS, type Role, sizeOf } from "../../../deployment/role-policy/statements.ts";
import type { EnvironmentInput } from "../../../infra/settings.ts";
import { evaluatePolicy } from "../../../local/iam/evaluate-policy.ts";
import { readPolicy } from "../../../local/iam/statement.ts";
import type { StackJson } from "../../../terraform/plan-json.ts";
import { REPOSITORY } from "../../support/repository.ts";
import { fullInput, guardedInput, leastInput, sharedInput, synthesise } from "../../support/synthesise.ts";

const stackOf = (input: EnvironmentInput): StackJson => synthesise(input).json;
const guarded = stackOf(guardedInput);
const shared = stackOf(sharedInput);
const open = stackOf({ ...sharedInput, allowedAccountIds: [] });

function policyOf(stack: StackJson, role: Role, refresh = true) {
  const { documents, notes } = rolePolicy(stack, role, { refresh });
  return { documents, notes, statements: documents.flatMap(({ Statement }) => Statement) };
}

function allows(stack: StackJson, role: Role, action: string, resource: string, context = {}): boolean {
  const statements = policyOf(stack, role).documents.flatMap((document) =>
    readPolicy({ address: "policy", document: JSON.stringify(document) }),
  );
  return evaluatePolicy({ action, resource, context }, { kind: "AWS", name: "role" }, statements).allowed;
}

const slack = [{ workspaceId: "T07EA123LEP", channelId: "C07EZ1ABC23" }];
const topicArn = "arn:aws:sns:eu-west-1:123456789012:on-call";

function inRegion(region: string): EnvironmentInput {
  return { ...sharedInput, region, backend: { kind: "s3", bucket: "state", key: "key", region } };
}

test("the table has every type that the stack's code can make", async () => {
  const bindings = new Set<string>();
  const imported = /@cdktf\/provider-aws\/lib\/([\w-]+)\/index\.js/g;
  for await (const file of glob("infra/**/*.ts", { cwd: REPOSITORY })) {
    const text = await readFile(join(REPOSITORY, file), "utf8");
    for (const [, name = ""] of text.matchAll(imported)) bindings.add(name);
  }
  bindings.delete("provider");
  const types = [...bindings].map((name) => `aws_${name.replaceAll("-", "_")}`);
  expect(types.length).toBeGreaterThan(30);
  expect(types.filter((type) => !(type in resourceTypes))).toEqual([]);
});

test.each([
  ["least", leastInput],
  ["full", fullInput],
  ["shared", sharedInput],
  ["guarded", guardedInput],
  ["handlers", { ...fullInput, destination: { kind: "handlers" } }],
  ["told in Slack", { ...sharedInput, alarms: { slack } }],
  ["telling a topic that is there", { ...sharedInput, alarms: { topicArn } }],
  ["GovCloud", inRegion("us-gov-west-1")],
  ["China", inRegion("cn-north-1")],
] satisfies [string, EnvironmentInput][])("a %s stack: documents that IAM takes", (_, input) => {
  const stack = stackOf(input);
  const partition = { "us-gov-west-1": "aws-us-gov", "cn-north-1": "aws-cn" }[input.region] ?? "aws";
  for (const role of ["deploy", "plan"] as const) {
    const { documents, statements } = policyOf(stack, role);
    expect(documents.length).toBeGreaterThan(0);
    for (const document of documents) expect(sizeOf(document)).toBeLessThanOrEqual(POLICY_CHARACTERS);
    const arns = statements.flatMap(({ Resource }) => Resource).filter((resource) => resource !== "*");
    const foreign = arns.filter((arn) => !arn.startsWith(`arn:${partition}:`) || /undefined|\$\{/.test(arn));
    expect(foreign).toEqual([]);
  }
});

test("a type that no table has is named, and nothing is written", () => {
  const stack = { ...shared, resource: { ...shared.resource, aws_sfn_state_machine: { one: {} } } };
  expect(() => policyOf(stack, "deploy")).toThrow(
    "What a role needs for a aws_sfn_state_machine is not known.",
  );
});

test("only what AWS has no narrower resource for is allowed on everything", () => {
  const onAll = policyOf(guarded, "deploy").statements.filter(({ Resource }) => Resource.includes("*"));
  expect(onAll.flatMap(({ Action }) => Action).sort()).toEqual([
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
    "kms:CreateKey",
    "kms:TagResource",
    "lambda:CreateEventSourceMapping",
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
    "s3:ListAllMyBuckets",
    "sns:GetSubscriptionAttributes",
    "sns:SetSubscriptionAttributes",
    "sns:Unsubscribe",
    "ssm:DescribeParameters",
  ]);
  const wide = policyOf(guarded, "deploy").statements.flatMap(({ Action }) => Action);
  expect(wide.filter((action) => action.includes("*"))).toEqual([]);
});

test("a plan reads, and writes nothing but the lock of its state", () => {
  const reads = /^(\w+:(Get|List|Describe)\w*|apigateway:GET|kms:(Decrypt|Describe\w+|GenerateDataKey))$/;
  const writes = policyOf(guarded, "plan").statements.filter(({ Action }) =>
    Action.some((action) => !reads.test(action)),
  );
  expect(writes.map(({ Action, Resource }) => [Action, Resource])).toEqual([
    [["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], ["arn:aws:s3:::state/key.tflock"]],
  ]);
});

test("a plan from the state alone: the state, its lock, and no more", () => {
  expect(policyOf(open, "plan", false).documents).toEqual([
    {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
          Resource: ["arn:aws:s3:::state/key.tflock"],
        },
        { Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::state/key"] },
        { Effect: "Allow", Action: ["s3:ListBucket"], Resource: ["arn:aws:s3:::state"] },
      ],
    },
  ]);
});

test("whether secrets can be read is said, and is so", () => {
  const secret = "arn:aws:ssm:eu-west-1:123456789012:parameter/genesys-events/test/webhook";
  expect(allows(shared, "plan", "ssm:GetParameter", secret)).toBe(true);
  expect(policyOf(shared, "plan").notes.join()).toContain("can read the environment's secrets");
  expect(policyOf(shared, "plan", false).notes.join()).not.toContain("secrets");
  expect(allows(shared, "plan", "ssm:PutParameter", secret)).toBe(false);
});

test("a role of the stack is handed to Lambda alone, and no other role is", () => {
  const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
  const own = role("genesys-events-test-processor");
  const to = (service: string) => ({ "iam:PassedToService": service });
  expect(allows(shared, "deploy", "iam:PassRole", own, to("lambda.amazonaws.com"))).toBe(true);
  expect(allows(shared, "deploy", "iam:PassRole", own, to("ec2.amazonaws.com"))).toBe(false);
  expect(allows(shared, "deploy", "iam:PassRole", role("admin"), to("lambda.amazonaws.com"))).toBe(false);
  const told = stackOf({ ...sharedInput, alarms: { slack } });
  const chat = role(
    String(
      Object.values(told.resource?.["aws_iam_role"] ?? {})
        .map(({ name }) => name)
        .find((name) => !/processor|receiver|recovery/.test(String(name))),
    ),
  );
  expect(allows(told, "deploy", "iam:PassRole", chat, to("chatbot.amazonaws.com"))).toBe(true);
  expect(allows(told, "deploy", "iam:PassRole", chat, to("lambda.amazonaws.com"))).toBe(false);
});

test("where there is a boundary, a role is made and changed with it only", () => {
  const role = "arn:aws:iam::123456789012:role/webhooks/genesys-events-test-processor";
  const bounded = { "iam:PermissionsBoundary": String(guardedInput.permissionsBoundaryArn) };
  for (const action of ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"]) {
    expect(allows(guarded, "deploy", action, role, bounded)).toBe(true);
    expect(allows(guarded, "deploy", action, role)).toBe(false);
  }
  expect(allows(guarded, "deploy", "iam:DeleteRolePermissionsBoundary", role, bounded)).toBe(false);
  expect(policyOf(guarded, "deploy").notes.join()).toContain("permissions boundary");
  expect(policyOf(shared, "deploy").notes.join()).toContain("permissionsBoundaryArn bounds that");
});

test("what an environment has is another one's no more than anybody's", () => {
  const arn = (environment: string) =>
    `arn:aws:sqs:eu-west-1:123456789012:genesys-events-${environment}-queue`;
  expect(allows(shared, "deploy", "sqs:DeleteQueue", arn("test"))).toBe(true);
  expect(allows(shared, "deploy", "sqs:DeleteQueue", arn("test-2"))).toBe(false);
  expect(allows(shared, "deploy", "sqs:DeleteQueue", arn("other"))).toBe(false);
  expect(allows(shared, "deploy", "sqs:ReceiveMessage", arn("test"))).toBe(false);
});

test("one account that is allowed stands in every ARN; several, or none, are any", () => {
  const accounts = (allowedAccountIds: string[]) => {
    const { statements } = policyOf(stackOf({ ...sharedInput, allowedAccountIds }), "deploy");
    const queues = statements.flatMap(({ Resource }) => Resource).filter((arn) => arn.includes(":sqs:"));
    return new Set(queues.map((arn) => arn.split(":")[4]));
  };
  expect(accounts(["123456789012"])).toEqual(new Set(["123456789012"]));
  expect(accounts(["123456789012", "210987654321"])).toEqual(new Set(["*"]));
  expect(accounts([])).toEqual(new Set(["*"]));
});

test("an environment that may be thrown away is: its bucket can be emptied, another's cannot", () => {
  const object = "arn:aws:s3:::genesys-events-test-overflow-2026/spill/1";
  expect(allows(stackOf(leastInput), "deploy", "s3:DeleteObjectVersion", object)).toBe(true);
  expect(allows(shared, "deploy", "s3:DeleteObjectVersion", object)).toBe(false);
});

test("a key of the team's own is used by way of the service that needs it", () => {
  const key = String(guardedInput.encryptionKeyArn);
  const via = (service: string) => ({ "kms:ViaService": `${service}.eu-west-1.amazonaws.com` });
  expect(allows(guarded, "deploy", "kms:Encrypt", key, via("ssm"))).toBe(true);
  expect(allows(guarded, "plan", "kms:Decrypt", key, via("ssm"))).toBe(true);
  expect(allows(guarded, "plan", "kms:Encrypt", key, via("ssm"))).toBe(false);
  expect(allows(guarded, "deploy", "kms:Encrypt", key, via("s3"))).toBe(false);
});

describe("the state", () => {
  const s3 = { kind: "s3", bucket: "state", key: "key", region: "eu-west-1" } as const;
  const withBackend = (backend: EnvironmentInput["backend"]) => stackOf({ ...sharedInput, backend });

  test("its own key, for a plan too, which locks it", () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/0f";
    const { statements } = policyOf(withBackend({ ...s3, kmsKeyArn }), "plan", false);
    expect(statements).toContainEqual({
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: [kmsKeyArn],
      Condition: { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } },
    });
  });

  test("a role for it: that role is taken on, and nothing else said", () => {
    const roleArn = "arn:aws:iam::210987654321:role/state";
    const { statements, notes } = policyOf(withBackend({ ...s3, roleArn }), "plan", false);
    expect(statements).toEqual([{ Effect: "Allow", Action: ["sts:AssumeRole"], Resource: [roleArn] }]);
    expect(notes.join()).toContain(roleArn);
  });

  test.each([
    [{ kind: "cloud", organization: "acme", workspace: "events" }, "HCP Terraform"],
    [
      {
        kind: "http",
        address: "https://state.example.com/1",
        lockAddress: "https://state.example.com/1/lock",
        unlockAddress: "https://state.example.com/1/lock",
      },
      "backend http",
    ],
  ] satisfies [EnvironmentInput["backend"], string][])("%j needs nothing of AWS", (backend, said) => {
    const { documents, notes } = policyOf(withBackend(backend), "plan", false);
    expect(documents).toEqual([]);
    expect(notes.join()).toContain(said);
  });
});

test("hundreds of secrets: a statement too long for one document is in several, and loses nothing", () => {
  const ids = Array.from({ length: 60 }, (_, i) => `integration-${String(i).padStart(80, "0")}`);
  const stack = JSON.parse(JSON.stringify(shared)) as StackJson & { resource: Record<string, object> };
  const parameters = Object.fromEntries(
    ids.map((id) => [id, { name: `/genesys-events/test/open-messaging/${id}` }]),
  );
  stack.resource["aws_ssm_parameter"] = parameters;
  const { documents, statements } = policyOf(stack, "deploy");
  for (const document of documents) expect(sizeOf(document)).toBeLessThanOrEqual(POLICY_CHARACTERS);
  const named = statements.filter(({ Action }) => Action.includes("ssm:PutParameter"));
  expect(named.length).toBeGreaterThan(1);
  expect(new Set(named.flatMap(({ Resource }) => Resource)).size).toBe(ids.length);
});
