import { type Grant, type ResourceTypes, text } from "../grant.ts";

/** A part of a bucket's configuration, which has actions of its own. */
const part = (read: readonly string[], change: readonly string[]) => ({
  arn: ({ bucket }: { readonly bucket?: unknown }, scope: { readonly arnOf: (of: unknown) => string }) =>
    scope.arnOf(bucket),
  grants: (arn: string): Grant[] => [{ read, change, resources: [arn] }],
});

/** The provider reads all of a bucket's configuration with the bucket, whatever of it the stack sets. */
const READ = [
  "s3:GetAccelerateConfiguration",
  "s3:GetBucketAcl",
  "s3:GetBucketCORS",
  "s3:GetBucketLogging",
  "s3:GetBucketObjectLockConfiguration",
  "s3:GetBucketPolicy",
  "s3:GetBucketRequestPayment",
  "s3:GetBucketTagging",
  "s3:GetBucketVersioning",
  "s3:GetBucketWebsite",
  "s3:GetEncryptionConfiguration",
  "s3:GetLifecycleConfiguration",
  "s3:GetReplicationConfiguration",
  "s3:ListBucket", // whether it is there; it shows the keys of stored events too, which are ids
  "s3:ListTagsForResource", // from provider 6.23 on, in place of GetBucketTagging
];

export const s3: ResourceTypes = {
  aws_s3_bucket: {
    // S3 ends a name with 26 characters of its own where the stack gives its beginning.
    arn: ({ bucket, bucket_prefix: prefix }, scope) =>
      `arn:${scope.partition}:s3:::${bucket === undefined ? `${text(prefix)}*` : text(bucket)}`,
    grants: (arn, { force_destroy: forceDestroy }) => [
      {
        read: READ,
        change: [
          "s3:CreateBucket",
          "s3:DeleteBucket",
          "s3:PutBucketTagging",
          "s3:TagResource",
          "s3:UntagResource",
        ],
        resources: [arn],
      },
      // The review of a plan looks for a bucket whose name begins so; a list of names has no resource.
      { read: ["s3:ListAllMyBuckets"], resources: ["*"] },
      // Whether a bucket that holds events may be emptied is for `disposable` to say.
      ...(forceDestroy === true
        ? [
            { change: ["s3:ListBucketVersions"], resources: [arn] },
            { change: ["s3:DeleteObject", "s3:DeleteObjectVersion"], resources: [`${arn}/*`] },
          ]
        : []),
    ],
  },
  aws_s3_bucket_lifecycle_configuration: part(
    ["s3:GetLifecycleConfiguration"],
    ["s3:PutLifecycleConfiguration"],
  ),
  aws_s3_bucket_logging: part(["s3:GetBucketLogging"], ["s3:PutBucketLogging"]),
  aws_s3_bucket_ownership_controls: part(
    ["s3:GetBucketOwnershipControls"],
    ["s3:PutBucketOwnershipControls"],
  ),
  aws_s3_bucket_policy: part(["s3:GetBucketPolicy"], ["s3:DeleteBucketPolicy", "s3:PutBucketPolicy"]),
  aws_s3_bucket_public_access_block: part(
    ["s3:GetBucketPublicAccessBlock"],
    ["s3:PutBucketPublicAccessBlock"],
  ),
  aws_s3_bucket_server_side_encryption_configuration: part(
    ["s3:GetEncryptionConfiguration"],
    ["s3:PutEncryptionConfiguration"],
  ),
  aws_s3_bucket_versioning: part(["s3:GetBucketVersioning"], ["s3:PutBucketVersioning"]),
};
