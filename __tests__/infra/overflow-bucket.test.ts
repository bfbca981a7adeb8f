import { guardedInput, json, leastInput, ref, sharedInput, synthesise } from "../support/synthesise.ts";

const stack = synthesise({ ...leastInput, overflow: { expirationDays: 45 } });
const BUCKET = ref("aws_s3_bucket.overflow.bucket");

test("there is one bucket, with a name that S3 completes", () => {
  expect(Object.keys(stack.resources("aws_s3_bucket"))).toEqual(["overflow"]);
  expect(stack.resource("aws_s3_bucket", "overflow")["bucket_prefix"]).toBe("genesys-events-test-overflow-");
});

test("it is private, owned by the account, and encrypted", () => {
  expect(stack.resource("aws_s3_bucket_public_access_block", "overflow_public_access")).toEqual({
    bucket: BUCKET,
    block_public_acls: true,
    block_public_policy: true,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  });
  expect(stack.resource("aws_s3_bucket_ownership_controls", "overflow_ownership")).toEqual({
    bucket: BUCKET,
    rule: { object_ownership: "BucketOwnerEnforced" },
  });
  expect(
    stack.resource("aws_s3_bucket_server_side_encryption_configuration", "overflow_encryption"),
  ).toMatchObject({
    bucket: BUCKET,
    rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }],
  });
});

test("it refuses every call without TLS", () => {
  const arn = ref("aws_s3_bucket.overflow.arn");
  const policy = stack.resource("aws_s3_bucket_policy", "overflow_policy");
  expect(policy["bucket"]).toBe(BUCKET);
  expect(json(policy["policy"])).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
});

test("events in it expire after the days that the settings say, a claim-checked one after what refers to it", () => {
  const expires = (prefix: string, days: number) =>
    expect.objectContaining({ status: "Enabled", filter: [{ prefix }], expiration: [{ days }] });
  expect(stack.resource("aws_s3_bucket_lifecycle_configuration", "overflow_lifecycle")).toMatchObject({
    bucket: BUCKET,
    rule: [expires("spill/", 45), expires("parked/", 45), expires("claim-checks/", 105)],
  });
});

test("destroy takes the events with it only where the environment is disposable", () => {
  expect(stack.resource("aws_s3_bucket", "overflow")["force_destroy"]).toBe(true);
  expect(synthesise(sharedInput).resource("aws_s3_bucket", "overflow")["force_destroy"]).toBe(false);
});

test("what is deleted can be brought back for a week, and no function may delete it for good", () => {
  expect(stack.resource("aws_s3_bucket_versioning", "overflow_versioning")).toEqual({
    bucket: BUCKET,
    versioning_configuration: { status: "Enabled" },
  });
  expect(stack.resource("aws_s3_bucket_lifecycle_configuration", "overflow_lifecycle")).toMatchObject({
    rule: [1, 2, 3].map(() => ({ noncurrent_version_expiration: [{ noncurrent_days: 7 }] })),
    depends_on: ["aws_s3_bucket_versioning.overflow_versioning"],
  });
  const policies = Object.values(synthesise(guardedInput).resources("aws_iam_role_policy"));
  expect(JSON.stringify(policies)).not.toContain("s3:DeleteObjectVersion");
});
