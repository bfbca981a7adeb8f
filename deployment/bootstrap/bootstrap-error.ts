/** Why a state bucket cannot be made or mended: what happened, and what to do. */
export class BootstrapError extends Error {
  override readonly name = "BootstrapError";
}

interface AwsError {
  readonly name?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Names by which the SDK and S3 tell of credentials that are missing, wrong or old. */
const NO_CREDENTIALS = /^(CredentialsProviderError|TokenProviderError)$/;
const WRONG_CREDENTIALS = /^(InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|InvalidToken)$/;
const NOT_REACHED = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|TimeoutError|NetworkingError)$/;

/** What S3 or the SDK threw, in words. */
export function errorOf(error: unknown, bucket: string, region: string, step?: string): BootstrapError {
  if (error instanceof BootstrapError) return error;
  const { name = "Error", message = "", $metadata: metadata } = error as AwsError;
  const code = (error as NodeJS.ErrnoException).code ?? name;
  const status = metadata?.httpStatusCode;
  if (NO_CREDENTIALS.test(name)) {
    return new BootstrapError("There are no AWS credentials. Sign in (aws sso login) or set AWS_PROFILE.");
  }
  if (WRONG_CREDENTIALS.test(name)) {
    return new BootstrapError("AWS does not take these credentials. Sign in again, or check AWS_PROFILE.");
  }
  if (NOT_REACHED.test(code)) {
    return new BootstrapError("S3 is not in reach. Check the network, the proxy and the region.");
  }
  if (name === "BucketAlreadyExists" || (status === 403 && step === undefined)) {
    return new BootstrapError(
      `The bucket ${bucket} belongs to another account, or this role may not look at it. Bucket names are unique in the world: choose one of your own in infra/environments.ts, or use a role of the account that owns it.`,
    );
  }
  if (status === 301) {
    return new BootstrapError(
      `The bucket ${bucket} exists in another region than ${region}. Set its region in the backend in infra/environments.ts, or choose another name.`,
    );
  }
  if (status === 403) {
    return new BootstrapError(
      `This role may not set up the ${step} of ${bucket}. Use one that administers S3; what is done already stays.`,
    );
  }
  return new BootstrapError(
    `S3 refuses${step === undefined ? "" : ` the ${step} of`} ${bucket}: ${message || name}`,
  );
}
