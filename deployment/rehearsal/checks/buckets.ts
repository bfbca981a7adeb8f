import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  type LifecycleRule,
  type PublicAccessBlockConfiguration,
} from "@aws-sdk/client-s3";
import { type AskedStack, type Attributes, block } from "../asked.ts";
import type { Cloud } from "../cloud.ts";
import { compare, type Finding, parsed } from "../finding.ts";

/** What the cloud says of one bucket. */
export interface FoundBucket {
  readonly algorithm: string | undefined;
  /** The KMS key, where it is not S3's own. */
  readonly key: string | undefined;
  readonly versioning: string | undefined;
  readonly publicAccess: PublicAccessBlockConfiguration | undefined;
  readonly lifecycle: readonly LifecycleRule[];
  readonly policy: string | undefined;
  readonly ownership: string | undefined;
}

/** Every bucket's encryption, versions, public access, lifecycle, policy and ownership. */
export async function checkBuckets(asked: AskedStack, { s3 }: Cloud): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const it of asked.ofType("aws_s3_bucket")) {
    const Bucket = String(it.state["bucket"]);
    const encryption = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    const publicAccess = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    const lifecycle = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    const policy = await s3.send(new GetBucketPolicyCommand({ Bucket }));
    const ownership = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
    const versioning = await s3.send(new GetBucketVersioningCommand({ Bucket }));
    const rule = encryption.ServerSideEncryptionConfiguration?.Rules?.[0];
    findings.push(
      ...compareBucket(asked, Bucket, {
        algorithm: rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
        key: rule?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID,
        versioning: versioning.Status,
        publicAccess: publicAccess.PublicAccessBlockConfiguration,
        lifecycle: lifecycle.Rules ?? [],
        policy: policy.Policy,
        ownership: ownership.OwnershipControls?.Rules?.[0]?.ObjectOwnership,
      }),
    );
  }
  return findings;
}

export function compareBucket(asked: AskedStack, bucket: string, found: FoundBucket): Finding[] {
  const of = (type: string) => asked.ofType(type).find((it) => it.attributes["bucket"] === bucket);
  const encryption = of("aws_s3_bucket_server_side_encryption_configuration");
  const publicAccess = of("aws_s3_bucket_public_access_block");
  const lifecycle = of("aws_s3_bucket_lifecycle_configuration");
  const policy = of("aws_s3_bucket_policy");
  const versioning = of("aws_s3_bucket_versioning");
  const ownership = of("aws_s3_bucket_ownership_controls");
  const rule = block(encryption?.attributes["rule"]);
  const byDefault = block(rule?.["apply_server_side_encryption_by_default"]);
  const blocked = publicAccess?.attributes ?? {};
  const rules = (lifecycle?.attributes["rule"] ?? []) as readonly Attributes[];
  return [
    ...compare(encryption?.address ?? bucket, {
      encryption: [byDefault?.["sse_algorithm"] ?? "asked of no resource", found.algorithm],
      "encryption key": [byDefault?.["kms_master_key_id"], found.key],
    }),
    ...compare(versioning?.address ?? bucket, {
      versions: [block(versioning?.attributes["versioning_configuration"])?.["status"], found.versioning],
    }),
    ...compare(publicAccess?.address ?? bucket, {
      "public ACLs blocked": [
        blocked["block_public_acls"] ?? "asked of no resource",
        found.publicAccess?.BlockPublicAcls,
      ],
      "public ACLs ignored": [blocked["ignore_public_acls"], found.publicAccess?.IgnorePublicAcls],
      "public policies blocked": [blocked["block_public_policy"], found.publicAccess?.BlockPublicPolicy],
      "public access restricted": [
        blocked["restrict_public_buckets"],
        found.publicAccess?.RestrictPublicBuckets,
      ],
    }),
    ...compare(lifecycle?.address ?? bucket, {
      "expiration, days": [
        rules.map((it) => [it["id"], it["status"], block(it["expiration"])?.["days"]]),
        found.lifecycle.map((it) => [it.ID, it.Status, it.Expiration?.Days]),
      ],
      "old versions, days": [
        rules.map((it) => block(it["noncurrent_version_expiration"])?.["noncurrent_days"]),
        found.lifecycle.map((it) => it.NoncurrentVersionExpiration?.NoncurrentDays),
      ],
    }),
    ...compare(policy?.address ?? bucket, {
      policy: [parsed(policy?.attributes["policy"]), parsed(found.policy)],
    }),
    ...compare(ownership?.address ?? bucket, {
      ownership: [block(ownership?.attributes["rule"])?.["object_ownership"], found.ownership],
    }),
  ];
}
