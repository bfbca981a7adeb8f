import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging/index.js";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy/index.js";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning/index.js";
import { Construct } from "constructs";
import {
  CLAIM_CHECK_PREFIX,
  MAPPING_NOTE_KEY,
  PARKED_PREFIX,
  SPILL_PREFIX,
} from "../../contract/overflow.ts";
import { tlsOnly } from "../../contract/tls-only.ts";
import { dataLifecycle } from "../lifecycle.ts";
import type { Names } from "../names.ts";
import { policyDocument } from "../policy.ts";
import type { EnvironmentSettings } from "../settings.ts";

/** Days to notice that something has been deleted that should not have been. */
const UNDELETE_DAYS = 7;
/**
 * Days that a claim-checked event outlives whatever refers to it: its envelope may wait 4 days on the queue and 14
 * among the dead letters before it is stored itself, and recovery writes the event anew only from its 30th day on
 * (functions/recovery/claim-checks.ts). What is left is for those who redrive by hand.
 */
const CLAIM_CHECK_DAYS = 60;

/**
 * Events that are too big for the queue, and those that the queue did not take: private, encrypted, TLS only.
 * docs/decisions/0003-one-overflow-bucket.md
 */
export class OverflowBucket extends Construct {
  readonly bucket: S3Bucket;
  /** ARN of all claim-checked events, as a policy names them. */
  readonly claimChecks: string;
  /** ARN of all spilled events. */
  readonly spilled: string;
  /** ARN of the breaker's note on the event source mapping. */
  readonly mappingNote: string;
  /** ARN of all that was moved here before its queue would have deleted it. */
  readonly parked: string;
  /** What says with which key it encrypts. */
  readonly encryption: S3BucketServerSideEncryptionConfigurationA;

  constructor(scope: Construct, id: string, names: Names, settings: EnvironmentSettings) {
    super(scope, id);
    this.bucket = new S3Bucket(this, "Default", {
      bucketPrefix: names.overflowBucketPrefix,
      forceDestroy: settings.disposable,
      ...dataLifecycle(settings),
    });
    this.claimChecks = `${this.bucket.arn}/${CLAIM_CHECK_PREFIX}*`;
    this.spilled = `${this.bucket.arn}/${SPILL_PREFIX}*`;
    this.mappingNote = `${this.bucket.arn}/${MAPPING_NOTE_KEY}`;
    this.parked = `${this.bucket.arn}/${PARKED_PREFIX}*`;
    this.#keepPrivate();
    this.encryption = this.#encrypt(settings);
    this.#logAccess(names, settings);
    this.#expire(settings.overflow.expirationDays, this.#keepVersions());
  }

  #keepPrivate(): void {
    const bucket = this.bucket.bucket;
    const publicAccess = new S3BucketPublicAccessBlock(this, "public_access", {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, "ownership", {
      bucket,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    new S3BucketPolicy(this, "policy", {
      bucket,
      policy: policyDocument([tlsOnly("s3:*", [this.bucket.arn, `${this.bucket.arn}/*`])]),
      dependsOn: [publicAccess], // S3 refuses to change both at once
    });
  }

  #logAccess(names: Names, { overflow: { accessLogs } }: EnvironmentSettings): void {
    if (accessLogs === undefined) return;
    new S3BucketLoggingA(this, "access_logs", {
      bucket: this.bucket.bucket,
      targetBucket: accessLogs.bucket,
      targetPrefix: accessLogs.prefix ?? `${names.base}/`,
    });
  }

  #encrypt({ encryptionKeyArn }: EnvironmentSettings): S3BucketServerSideEncryptionConfigurationA {
    return new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: this.bucket.bucket,
      rule: [encryptionKeyArn === undefined ? withOwnKeyOfS3 : withKey(encryptionKeyArn)],
    });
  }

  /**
   * An event is written once, under a name of its own, so there is nothing to overwrite: versions are for
   * what is deleted. No function may delete a version, so an error of theirs, or of a person, can be undone.
   */
  #keepVersions(): S3BucketVersioningA {
    return new S3BucketVersioningA(this, "versioning", {
      bucket: this.bucket.bucket,
      versioningConfiguration: { status: "Enabled" },
    });
  }

  #expire(days: number, versioning: S3BucketVersioningA): void {
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: this.bucket.bucket,
      rule: [
        expire("expire-spilled", SPILL_PREFIX, days),
        expire("expire-parked", PARKED_PREFIX, days),
        expire("expire-claim-checks", CLAIM_CHECK_PREFIX, days + CLAIM_CHECK_DAYS),
      ],
      dependsOn: [versioning], // old versions expire only where there are any
    });
  }
}

const withOwnKeyOfS3 = { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };

function withKey(arn: string) {
  return {
    applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: arn },
    bucketKeyEnabled: true, // one call to KMS for many objects, not one for each
  };
}

function expire(id: string, prefix: string, days: number) {
  return {
    id,
    status: "Enabled",
    filter: [{ prefix }],
    expiration: [{ days }], // with days, S3 clears away the markers of deleted objects as well
    noncurrentVersionExpiration: [{ noncurrentDays: UNDELETE_DAYS }],
    abortIncompleteMultipartUpload: [{ daysAfterInitiation: 1 }],
  };
}
