import type { EnvironmentInput } from "../../infra/settings.ts";
import { guardedInput, json, sharedInput, synthesise } from "../support/synthesise.ts";

const OLD = "arn:aws:kms:eu-west-1:123456789012:key/old";
const NEW = "arn:aws:kms:eu-west-1:123456789012:key/new";
const ROLES = ["receiver", "processor", "recovery"];

type Stack = ReturnType<typeof synthesise>;

/** Every address that a resource waits for, however far away: by depends_on, or by naming it. */
function waitsFor(stack: Stack, from: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [from];
  for (let address = open.pop(); address !== undefined; address = open.pop()) {
    const [type = "", id = ""] = address.split(".");
    const { depends_on: explicit = [], ...rest } = stack.resource(type, id) as { depends_on?: string[] };
    const named = [...JSON.stringify(rest).matchAll(/(aws_\w+\.[\w-]+)\.\w+/g)].map(([, name = ""]) => name);
    for (const next of [...explicit, ...named]) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return seen;
}

/** The policies by which a role may do something with a key. */
function policiesFor(stack: Stack, action: string, key: string): string[] {
  return Object.entries(stack.resources("aws_iam_role_policy"))
    .filter(([, { policy }]) =>
      (json(policy) as { Statement: { Action: string | string[]; Resource: unknown }[] }).Statement.some(
        (statement) => [statement.Action].flat().includes(action) && statement.Resource === key,
      ),
    )
    .map(([id]) => `aws_iam_role_policy.${id}`)
    .sort();
}

/** Whatever holds data under a key, without what only logs. */
function encrypted(stack: Stack): string[] {
  return ["aws_sqs_queue", "aws_ssm_parameter", "aws_s3_bucket_server_side_encryption_configuration"].flatMap(
    (type) => Object.keys(stack.resources(type)).map((id) => `${type}.${id}`),
  );
}

const BUCKET = "aws_s3_bucket_server_side_encryption_configuration.overflow_encryption";
const QUEUES = ["aws_sqs_queue.queues_main", "aws_sqs_queue.queues_dead_letter"];

const inputs: [string, EnvironmentInput][] = [
  ["everything switched on", { ...guardedInput, encryptionKeyArn: NEW, formerEncryptionKeyArns: [OLD] }],
  ["the least", { ...sharedInput, encryptionKeyArn: NEW, formerEncryptionKeyArns: [OLD] }],
];

describe.each(inputs)("the key is changed, with %s", (_, input) => {
  const stack = synthesise(input);

  test("nothing is encrypted with it before every role may use it", () => {
    const rights = policiesFor(stack, "kms:GenerateDataKey", NEW);
    expect(rights).toEqual(ROLES.map((name) => `aws_iam_role_policy.${name}_key_new`).sort());
    expect(policiesFor(stack, "kms:Decrypt", NEW)).toEqual(rights);
    expect(encrypted(stack).length).toBeGreaterThan(3);
    for (const address of encrypted(stack)) {
      expect([address, ...waitsFor(stack, address)]).toEqual(expect.arrayContaining([address, ...rights]));
    }
  });

  test("the bucket follows the queues: what these do not take meanwhile finds it under the former key", () => {
    expect([...waitsFor(stack, BUCKET)]).toEqual(expect.arrayContaining(QUEUES));
  });

  test("roles read with a former key, and lose encryption with it when nothing is encrypted with it any more", () => {
    const rights = policiesFor(stack, "kms:Decrypt", OLD);
    expect(rights).toEqual(ROLES.map((name) => `aws_iam_role_policy.${name}_key_old`).sort());
    expect(policiesFor(stack, "kms:GenerateDataKey", OLD)).toEqual([]);
    for (const address of rights) {
      expect([...waitsFor(stack, address)]).toEqual(expect.arrayContaining([...QUEUES, BUCKET]));
    }
  });

  test("what takes away policies that are no longer in the stack comes last, and a policy goes after its successor", () => {
    for (const name of ROLES) {
      const exclusive = waitsFor(stack, `aws_iam_role_policies_exclusive.${name}_exclusive_policies`);
      expect([...exclusive]).toEqual(expect.arrayContaining([...QUEUES, BUCKET]));
      expect(stack.resource("aws_iam_role_policy", `${name}_key_new`)["lifecycle"]).toEqual({
        create_before_destroy: true,
      });
    }
  });
});

test("a former key is read with where there is none any more, too", () => {
  const stack = synthesise({ ...sharedInput, formerEncryptionKeyArns: [OLD] });
  expect(policiesFor(stack, "kms:Decrypt", OLD)).toHaveLength(3);
  expect(JSON.stringify(stack.resources("aws_sqs_queue"))).not.toContain("kms_master_key_id");
});

test("without a key there is no policy, but the same order: the last key's policies may have to go", () => {
  const stack = synthesise(sharedInput);
  // The alarms' topic has a key of its own in any case.
  expect(JSON.stringify(stack.json)).not.toMatch(/(sqs|s3|ssm)\.eu-west-1\.amazonaws\.com/);
  expect([...waitsFor(stack, BUCKET)]).toEqual(expect.arrayContaining(QUEUES));
  for (const name of ROLES) {
    const exclusive = waitsFor(stack, `aws_iam_role_policies_exclusive.${name}_exclusive_policies`);
    expect([...exclusive]).toEqual(expect.arrayContaining([...QUEUES, BUCKET]));
  }
});
