import {
  type BucketLifecycleConfiguration,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  type LifecycleRule,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { tlsOnly } from "../../contract/tls-only.ts";

/** Days that an overwritten state can be brought back. */
const OLD_STATE_DAYS = 90;

/** One property of a state bucket, how to see whether it has it, and how to give it. */
export interface Guard {
  readonly name: string;
  /** What it is for, in a few words. */
  readonly purpose: string;
  readonly holds: (s3: S3Client, bucket: string) => Promise<boolean>;
  readonly establish: (s3: S3Client, bucket: string) => Promise<unknown>;
}

/**
 * What a bucket with Terraform states needs. Public access goes first: from then on nothing that comes later
 * can open it. Whatever else a policy or a lifecycle says stays as it is.
 */
export const guards: readonly Guard[] = [
  {
    name: "public access",
    purpose: "blocked",
    holds: async (s3, Bucket) => {
      const found = await orNothing(s3.send(new GetPublicAccessBlockCommand({ Bucket })));
      const block = found?.PublicAccessBlockConfiguration;
      return Object.keys(everythingBlocked).every((key) => block?.[key as keyof typeof block] === true);
    },
    establish: (s3, Bucket) =>
      s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: everythingBlocked })),
  },
  {
    name: "versioning",
    purpose: "a state that was overwritten can be brought back",
    holds: async (s3, Bucket) =>
      (await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status === "Enabled",
    establish: (s3, Bucket) =>
      s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } })),
  },
  {
    name: "encryption",
    purpose: "at rest",
    holds: async (s3, Bucket) => {
      const found = await orNothing(s3.send(new GetBucketEncryptionCommand({ Bucket })));
      return (found?.ServerSideEncryptionConfiguration?.Rules ?? []).some(
        (rule) => rule.ApplyServerSideEncryptionByDefault?.SSEAlgorithm !== undefined,
      );
    },
    establish: (s3, Bucket) =>
      s3.send(
        new PutBucketEncryptionCommand({
          Bucket,
          ServerSideEncryptionConfiguration: {
            Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
          },
        }),
      ),
  },
  {
    name: "policy",
    purpose: "no call without TLS",
    holds: async (s3, bucket) => {
      const wanted = JSON.stringify(wantedStatement(bucket));
      return (await statements(s3, bucket)).some((statement) => JSON.stringify(statement) === wanted);
    },
    establish: async (s3, bucket) => {
      const wanted = wantedStatement(bucket);
      const others = (await statements(s3, bucket)).filter(({ Sid }) => Sid !== wanted.Sid);
      const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [...others, wanted] });
      return s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
    },
  },
  {
    name: "lifecycle",
    purpose: `what was overwritten is deleted after ${OLD_STATE_DAYS} days`,
    holds: async (s3, bucket) => (await rules(s3, bucket)).some(isOldStates),
    establish: async (s3, Bucket) => {
      const others = (await rules(s3, Bucket)).filter(({ ID }) => ID !== oldStates.ID);
      const LifecycleConfiguration: BucketLifecycleConfiguration = { Rules: [...others, oldStates] };
      return s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }));
    },
  },
];

const everythingBlocked = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};

interface PolicyStatement {
  readonly Sid?: string;
}

function wantedStatement(bucket: string) {
  const arn = `arn:aws:s3:::${bucket}`;
  return tlsOnly("s3:*", [arn, `${arn}/*`]);
}

async function statements(s3: S3Client, Bucket: string): Promise<readonly PolicyStatement[]> {
  const found = await orNothing(s3.send(new GetBucketPolicyCommand({ Bucket })));
  if (found?.Policy === undefined) return [];
  const { Statement } = JSON.parse(found.Policy) as { Statement: PolicyStatement | PolicyStatement[] };
  return Array.isArray(Statement) ? Statement : [Statement];
}

const oldStates = {
  ID: "old-states",
  Status: "Enabled",
  Filter: { Prefix: "" },
  NoncurrentVersionExpiration: { NoncurrentDays: OLD_STATE_DAYS },
  // What lock files leave behind once their versions are gone.
  Expiration: { ExpiredObjectDeleteMarker: true },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
} as const satisfies LifecycleRule;

async function rules(s3: S3Client, Bucket: string): Promise<readonly LifecycleRule[]> {
  return (await orNothing(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))))?.Rules ?? [];
}

/** One of the same name that deletes states in use, or leaves some of the old ones, is another rule. */
function isOldStates({
  ID,
  Status,
  Filter,
  NoncurrentVersionExpiration,
  Expiration,
}: LifecycleRule): boolean {
  const { Prefix: prefix = "", ...narrower } = Filter ?? {};
  const ofAll = prefix === "" && Object.values(narrower).every((each) => each === undefined);
  const keepsCurrent = Expiration?.Days === undefined && Expiration?.Date === undefined;
  const old = NoncurrentVersionExpiration?.NoncurrentDays === OLD_STATE_DAYS;
  return ID === oldStates.ID && Status === "Enabled" && ofAll && keepsCurrent && old;
}

/** S3 answers 404 for a property that was never set: nothing is an answer. */
async function orNothing<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404)
      return undefined;
    throw error;
  }
}
