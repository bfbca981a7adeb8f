import {
  protectedAddresses,
  refusedAddresses,
  withoutProtection,
} from "../../../deployment/rehearsal/protection.ts";

const stack = {
  terraform: {},
  provider: {},
  resource: {
    aws_sqs_queue: { main: { name: "events", lifecycle: { prevent_destroy: true } }, free: { name: "free" } },
    aws_ssm_parameter: { secret: { lifecycle: { prevent_destroy: true, ignore_changes: ["value"] } } },
    aws_dynamodb_table: {
      state: { deletion_protection_enabled: true, lifecycle: { prevent_destroy: true } },
    },
    aws_s3_bucket: { overflow: { force_destroy: false, lifecycle: { prevent_destroy: true } } },
  },
};

test("what Terraform refuses to destroy is found", () => {
  expect(protectedAddresses(stack)).toEqual([
    "aws_sqs_queue.main",
    "aws_ssm_parameter.secret",
    "aws_dynamodb_table.state",
    "aws_s3_bucket.overflow",
  ]);
});

test("what Terraform refused to destroy is read from what it says, wherever it breaks the line", () => {
  const said = `
Error: Instance cannot be destroyed

  on cdk.tf.json line 5, in resource.aws_sqs_queue.main:

Resource aws_sqs_queue.main has
lifecycle.prevent_destroy set, but the plan calls for this resource to be
destroyed.
`;
  expect(refusedAddresses(["aws_sqs_queue.main", "aws_sqs_queue.other"], said)).toEqual([
    "aws_sqs_queue.main",
  ]);
});

test("without protection everything may go, and nothing else is changed", () => {
  expect(withoutProtection(stack)).toEqual({
    ...stack,
    resource: {
      aws_sqs_queue: { main: { name: "events", lifecycle: {} }, free: { name: "free" } },
      aws_ssm_parameter: { secret: { lifecycle: { ignore_changes: ["value"] } } },
      aws_dynamodb_table: { state: { deletion_protection_enabled: false, lifecycle: {} } },
      aws_s3_bucket: { overflow: { force_destroy: true, lifecycle: {} } },
    },
  });
  expect(protectedAddresses(withoutProtection(stack))).toEqual([]);
});
