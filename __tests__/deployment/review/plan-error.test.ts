import { planErrorOf } from "../../../deployment/review/plan-error.ts";

const where = { environment: "production", folder: "cdktf.out/stacks/production" };

test.each([
  [
    `╷
│ Error: Error acquiring the state lock
│
│ Error message: operation error S3: PutObject, https response error StatusCode: 412, RequestID: M2TS
│ Lock Info:
│   ID:        8b6f0d1c-9d1a
│   Path:      bucket/key
│   Operation: OperationTypeApply
│   Who:       ann@laptop
│   Version:   1.11.4
│   Created:   2026-11-24 12:08:10.1 +0000 UTC
╵`,
    "The state of production is locked by ann@laptop since 2026-11-24 12:08:10.1.",
    "Wait until that run has ended; if it is dead, unlock with: terraform -chdir=cdktf.out/stacks/production force-unlock 8b6f0d1c-9d1a",
  ],
  [
    '│ Error: Failed to get existing workspaces: S3 bucket "example-terraform-state" does not exist.',
    "The state bucket example-terraform-state does not exist.",
    "Create it once with: npm run genesys-dlq -- bootstrap production",
  ],
  [
    "│ Error: No valid credential\n│ sources found",
    "There are no AWS credentials, or none in that profile.",
    "Log in (aws sso login); aws configure list-profiles shows what --profile can name.",
  ],
  [
    "api error ExpiredToken: The security token",
    "The AWS credentials have expired.",
    "Log in again (aws sso login, or new keys), or name another profile with --profile.",
  ],
  [
    "StatusCode: 403, InvalidClientTokenId",
    "AWS does not accept these credentials.",
    "Log in again (aws sso login, or new keys), or name another profile with --profile.",
  ],
  [
    "User: arn:aws:sts::1:assumed-role/plan/x is not authorized to perform: sqs:GetQueueAttributes on resource: arn:aws:sqs:q because no",
    "These credentials may not sqs:GetQueueAttributes on arn:aws:sqs:q.",
    "Add that permission to the role, or name another profile with --profile.",
  ],
  [
    "Error: Unsupported Terraform Core version",
    "This Terraform is too old.",
    "Install Terraform 1.11 or newer: https://developer.hashicorp.com/terraform/install",
  ],
])("what Terraform says becomes a sentence and a remedy (%#)", (output, message, remedy) => {
  expect(planErrorOf("terraform plan", output, where)).toMatchObject({ message, remedy, exitCode: 1 });
});

test("what is protected and would be destroyed counts as lost data", () => {
  const output = `│ Error: Instance cannot be destroyed
│
│   on cdk.tf.json line 3:
│
│ Resource aws_sqs_queue.queues_main has lifecycle.prevent_destroy set, but the
│ plan calls for this resource to be destroyed.`;
  const planError = planErrorOf("terraform plan", output, where);
  expect(planError.exitCode).toBe(3);
  expect(planError.message).toMatch(/^aws_sqs_queue.queues_main would be destroyed or replaced/);
});

test("an error that nobody has met yet stays in Terraform's words, without its frame", () => {
  const output = "Initializing…\n╷\n│ Error: Something new\n│ \n│ Twice\n╵\n";
  expect(planErrorOf("terraform init", output, where).message).toBe(
    "terraform init failed:\nError: Something new\n\nTwice",
  );
});
