import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
} from "@aws-sdk/client-s3";
import type { Cloud } from "./cloud.ts";
import { makePartnerSources } from "./partner-sources.ts";
import { block, type SynthesisedStack } from "./stack.ts";

/**
 * Makes what a stack finds in an account: Genesys' partner event sources, and the team's buckets for its state and for
 * access logs, and its topic.
 */
export async function makeSurroundings(stack: SynthesisedStack, cloud: Cloud): Promise<void> {
  await makePartnerSources(stack, cloud);
  const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" } as const;
  const { Buckets = [] } = await cloud.s3.send(new ListBucketsCommand({}));
  const isMissing = (name: string) => !Buckets.some(({ Name }) => Name === name);
  for (const Bucket of stateBuckets(stack).filter(isMissing))
    await cloud.s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  for (const Bucket of logBuckets(stack).filter(isMissing)) {
    await cloud.s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
    await cloud.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: takeLogs(Bucket) }));
  }
  for (const Name of topics(stack)) await cloud.query.call("sns", "CreateTopic", { Name });
}

/** Takes away again what is no part of the stack, so that what is left is the stack's. */
export async function removeSurroundings(stack: SynthesisedStack, cloud: Cloud): Promise<void> {
  for (const Bucket of [...stateBuckets(stack), ...logBuckets(stack)]) {
    const { Contents = [] } = await cloud.s3.send(new ListObjectsV2Command({ Bucket }));
    for (const { Key } of Contents) await cloud.s3.send(new DeleteObjectCommand({ Bucket, Key }));
    await cloud.s3.send(new DeleteBucketCommand({ Bucket }));
  }
}

/** S3 refuses to write logs to a bucket that does not let its logging service do so. */
function takeLogs(bucket: string): string {
  const Statement = {
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: `arn:aws:s3:::${bucket}/*`,
  };
  return JSON.stringify({ Version: "2012-10-17", Statement: [Statement] });
}

function stateBuckets({ terraform }: SynthesisedStack): string[] {
  const bucket = block(terraform.backend?.["s3"])?.["bucket"];
  return bucket === undefined ? [] : [String(bucket)];
}

/** Those that alarms tell and the stack does not have. */
function topics({ resource }: SynthesisedStack): string[] {
  const told = Object.values(resource["aws_cloudwatch_metric_alarm"] ?? {}).flatMap(
    (alarm) => alarm["alarm_actions"] as unknown[],
  );
  const names = told.flatMap((arn) => /^arn:[^$]+:sns:.+:([\w-]+)$/.exec(String(arn))?.[1] ?? []);
  return [...new Set(names)];
}

function logBuckets({ resource }: SynthesisedStack): string[] {
  return Object.values(resource["aws_s3_bucket_logging"] ?? {}).map((logging) =>
    String(logging["target_bucket"]),
  );
}
