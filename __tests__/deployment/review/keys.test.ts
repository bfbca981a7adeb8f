import { type Review, reviewPlan } from "../../../deployment/review/review.ts";
import type { PlannedResource, Values } from "../../../terraform/plan-json.ts";

const OLD = "arn:aws:kms:eu-west-1:123456789012:key/old";
const NEW = "arn:aws:kms:eu-west-1:123456789012:key/new";
const BOTH = ["kms:Decrypt", "kms:GenerateDataKey"];
const VIA = {
  StringEquals: { "kms:ViaService": ["s3.eu-west-1.amazonaws.com", "sqs.eu-west-1.amazonaws.com"] },
};

function resource(address: string, before: Values | undefined, after: Values | undefined): PlannedResource {
  const [type = ""] = address.split(".");
  const given = [before, after].map((values) => values !== undefined);
  const actions = given[0] ? (given[1] ? [before === after ? "no-op" : "update"] : ["delete"]) : ["create"];
  return {
    address,
    type,
    mode: "managed",
    change: { actions, before: before ?? null, after: after ?? null },
  };
}

/** A policy of the receiver's role, as it is before and after. */
function policy(id: string, before: readonly object[] | undefined, after: readonly object[] | undefined) {
  const values = (Statement: readonly object[] | undefined) =>
    Statement && { role: "receiver", name: id, policy: JSON.stringify({ Version: "2012-10-17", Statement }) };
  return resource(`aws_iam_role_policy.${id}`, values(before), values(after));
}

const allow = (Action: string | readonly string[], Resource: string, Condition: object = VIA) => [
  { Effect: "Allow", Action, Resource, Condition },
];

function lossesOf(resources: readonly PlannedResource[]): Review["losses"] {
  const role = { name: "receiver", arn: "arn:aws:iam::123456789012:role/receiver" };
  const receiver = { function_name: "receiver", role: role.arn };
  const environment = [
    resource("aws_iam_role.receiver_role", role, role),
    resource("aws_lambda_function.receiver", receiver, receiver),
  ];
  const plan = { terraform_version: "1.11.4", resource_changes: [...environment, ...resources] };
  return reviewPlan("test", plan, {}).losses;
}

const queue = (before: string | null, after: string | null) =>
  resource(
    "aws_sqs_queue.main",
    { name: "main", kms_master_key_id: before, sqs_managed_sse_enabled: before === null },
    { name: "main", kms_master_key_id: after, sqs_managed_sse_enabled: after === null },
  );

test("a key that is changed and read with still loses nothing", () => {
  expect(
    lossesOf([
      policy("old", allow(BOTH, OLD), allow("kms:Decrypt", OLD)),
      policy("new", undefined, allow(BOTH, NEW)),
      queue(OLD, NEW),
    ]),
  ).toEqual([]);
});

test("nor does a right that moves to another policy", () => {
  expect(
    lossesOf([
      policy("own", allow(BOTH, OLD), allow("sqs:SendMessage", "queue")),
      policy("key", undefined, allow(BOTH, OLD)),
      queue(OLD, OLD),
    ]),
  ).toEqual([]);
});

test.each<[string, PlannedResource[]]>([
  [
    "its policy is gone",
    [policy("old", allow(BOTH, OLD), undefined), policy("new", undefined, allow(BOTH, NEW))],
  ],
  ["its policy is about another key", [policy("key", allow(BOTH, OLD), allow(BOTH, NEW))]],
  ["it may only encrypt", [policy("key", allow(BOTH, OLD), allow("kms:GenerateDataKey", OLD))]],
  ["everything with keys was allowed", [policy("key", allow("kms:*", OLD), undefined)]],
  [
    "it may no longer be used by way of SQS",
    [
      policy(
        "key",
        allow(BOTH, OLD),
        allow(BOTH, OLD, { StringEquals: { "kms:ViaService": ["s3.eu-west-1.amazonaws.com"] } }),
      ),
    ],
  ],
])("a key that nothing can be read with any more is told, with the way: %s", (_, resources) => {
  expect(lossesOf([...resources, queue(OLD, NEW)])).toEqual([
    expect.objectContaining({
      address: "aws_lambda_function.receiver",
      because: [`kms:Decrypt with ${OLD}: there → gone`],
      remedy: expect.stringContaining("formerEncryptionKeyArns"),
    }),
  ]);
});

test("a key that a queue is encrypted with, and that a function may not encrypt with any more", () => {
  expect(lossesOf([policy("key", allow(BOTH, OLD), allow("kms:Decrypt", OLD)), queue(OLD, OLD)])).toEqual([
    expect.objectContaining({ because: [expect.stringContaining("kms:GenerateDataKey with")] }),
  ]);
});

test("the same of the bucket", () => {
  const values = {
    rule: [
      { apply_server_side_encryption_by_default: [{ sse_algorithm: "aws:kms", kms_master_key_id: OLD }] },
    ],
  };
  const bucket = resource("aws_s3_bucket_server_side_encryption_configuration.overflow", values, values);
  expect(lossesOf([policy("key", allow(BOTH, OLD), allow("kms:Decrypt", OLD)), bucket])).toHaveLength(1);
});
