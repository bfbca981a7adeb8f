import { CreateBucketCommand, HeadBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import { bucketError, inAnotherRegion } from "./bootstrap-error.ts";
import { guards } from "./guards.ts";

export interface StateBucket {
  readonly bucket: string;
  readonly region: string;
}

/** One thing that a bucket lacks, and what puts it right. */
export interface Step {
  readonly name: string;
  readonly purpose: string;
  /** Whether it is there already. */
  readonly holds: boolean;
  readonly establish: () => Promise<unknown>;
}

/**
 * Looks at a bucket and changes nothing.
 *
 * @returns every property that it has to have, in the order in which they are to be established
 * @throws {CommandError} when it is another account's, or in another region
 */
export async function inspect(s3: S3Client, { bucket, region }: StateBucket): Promise<readonly Step[]> {
  const exists = await bucketExists(s3, bucket, region);
  const creation: Step = {
    name: "bucket",
    purpose: `in ${region}`,
    holds: exists,
    establish: () => create(s3, bucket, region),
  };
  const others = guards.map(async ({ name, purpose, holds, establish }) => ({
    name,
    purpose,
    holds: exists && (await holds(s3, bucket)),
    establish: () => establish(s3, bucket),
  }));
  try {
    return [creation, ...(await Promise.all(others))];
  } catch (error) {
    throw bucketError(error, bucket, region);
  }
}

/**
 * Establishes what does not hold yet, one after the other.
 *
 * @param done is told of each
 * @throws {CommandError} when S3 refuses one; those before it stay, and a second run goes on from there
 */
export async function establish(
  steps: readonly Step[],
  { bucket, region }: StateBucket,
  done: (step: Step) => Promise<void> | void,
): Promise<void> {
  for (const step of steps) {
    if (step.holds) continue;
    try {
      await step.establish();
    } catch (error) {
      throw bucketError(error, bucket, region, step.name);
    }
    await done(step);
  }
}

async function bucketExists(s3: S3Client, Bucket: string, region: string): Promise<boolean> {
  try {
    const found = await s3.send(new HeadBucketCommand({ Bucket }));
    const { BucketRegion: where = region } = found;
    if (where !== region) throw inAnotherRegion(Bucket, where);
    return true;
  } catch (error) {
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 404) return false;
    throw bucketError(error, Bucket, region);
  }
}

async function create(s3: S3Client, Bucket: string, region: string): Promise<void> {
  // us-east-1 is S3's own default, and the one value that it does not take.
  const place = region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: region } };
  await s3.send(new CreateBucketCommand({ Bucket, ...place } as CreateBucketCommand["input"]));
}
