import { CommandError } from "../../contract/command-error.ts";
import { explainCaller } from "../../contract/explain-aws.ts";

interface S3Error {
  readonly name?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/**
 * What S3 or the SDK threw while a state bucket was looked at, in words.
 *
 * @param step what was being set up; `undefined`: it was only looked at
 */
export function bucketError(error: unknown, bucket: string, region: string, step?: string): CommandError {
  if (error instanceof CommandError) return error;
  const caller = explainCaller(error);
  if (caller !== undefined) return caller;
  const { name = "Error", message = "", $metadata: metadata } = error as S3Error;
  const status = metadata?.httpStatusCode;
  if (name === "BucketAlreadyExists" || (status === 403 && step === undefined)) {
    return new CommandError(
      `The bucket ${bucket} belongs to another account, or this role may not look at it.`,
      "Bucket names are unique in the world: choose one of your own in infra/environments.ts, or use a role of the account that owns it.",
      { cause: error },
    );
  }
  if (status === 301) return inAnotherRegion(bucket, `another region than ${region}`);
  if (status === 403) {
    return new CommandError(
      `This role may not set up the ${step} of ${bucket}.`,
      "Use one that administers S3; what is done already stays.",
      { cause: error },
    );
  }
  return new CommandError(
    `S3 refuses${step === undefined ? "" : ` the ${step} of`} ${bucket}: ${message || name}`,
    "Put that right, and run it again: what is done already stays.",
    { cause: error },
  );
}

/** @param where `eu-west-1`, or as much of it as is known */
export function inAnotherRegion(bucket: string, where: string): CommandError {
  return new CommandError(
    `The bucket ${bucket} exists in ${where}.`,
    "Set its region in the backend in infra/environments.ts, or choose another name.",
  );
}
