import { CreateBucketCommand, HeadBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import { BootstrapError, errorOf } from "./bootstrap-error.ts";
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
 * @throws {BootstrapError} when it is another account's, or in another region
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
    throw errorOf(error, bucket, region);
  }
}

/**
 * Establishes what does not hold yet, one after the other.
 *
 * @param done is told of each
 * @throws {BootstrapError} when S3 refuses one; those before it stay, and a second run goes on from there
 */
export async function establish(
  steps: readonly Step[],
  { bucket, region }: StateBucket,
  done: (step: Step) => void,
): Promise<void> {
  for (const step of steps) {
    if (step.holds) continue;
    try {
      await step.establish();
    } catch (error) {
      throw errorOf(error, bucket, region, step.name);
    }
    done(step);
  }
}

async function bucketExists(s3: S3Client, Bucket: string, region: string): Promise<boolean> {
  try {
    const found = await s3.send(new HeadBucketCommand({ Bucket }));
    const elsewhere = found.BucketRegion !== undefined && found.BucketRegion !== region;
    if (elsewhere) throw inAnotherRegion(Bucket, found.BucketRegion);
    return true;
  } catch (error) {
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 404) return false;
    throw errorOf(error, Bucket, region);
  }
}

function inAnotherRegion(bucket: string, found: string | undefined): BootstrapError {
  return new BootstrapError(
    `The bucket ${bucket} exists in ${found}. Set that region in the backend in infra/environments.ts, or choose another name.`,
  );
}

async function create(s3: S3Client, Bucket: string, region: string): Promise<void> {
  // us-east-1 is S3's own default, and the one value that it does not take.
  const place = region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: region } };
  await s3.send(new CreateBucketCommand({ Bucket, ...place } as CreateBucketCommand["input"]));
}
