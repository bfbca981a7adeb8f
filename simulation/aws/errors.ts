/** An error as the SDK throws it: told apart by name and status. */
export class AwsError extends Error {
  readonly $metadata: { readonly httpStatusCode: number };
  readonly $fault: "client" | "server";
  readonly $retryable: { readonly throttling: boolean } | undefined;

  constructor(name: string, message: string, status = 400, { throttling = false } = {}) {
    super(message);
    this.name = name;
    this.$metadata = { httpStatusCode: status };
    this.$fault = status < 500 ? "client" : "server";
    this.$retryable = throttling ? { throttling } : undefined;
  }
}

export function throttled(message = "Rate exceeded"): AwsError {
  return new AwsError("ThrottlingException", message, 400, { throttling: true });
}

/** A model was asked for what it does not know: a gap of the simulation's, no fault of AWS's. It ends the run. */
export class ModelError extends Error {}

/** Whether a service answered it. Anything else that is thrown in a model is an error of the model's. */
export function isFromAws(error: unknown): boolean {
  return error instanceof Error && "$metadata" in error;
}

const THROTTLING =
  /^(Throttl|TooManyRequests|ProvisionedThroughputExceeded|RequestLimitExceeded|RequestThrottled|SlowDown)/;
const TRANSIENT_STATUSES: readonly number[] = [500, 502, 503, 504];

/**
 * Why the SDK's standard mode tries again; undefined where it does not.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export function retryKind(error: unknown): "throttling" | "transient" | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, $metadata: metadata, $retryable: retryable } = error as AwsError;
  if (retryable?.throttling === true || metadata?.httpStatusCode === 429 || THROTTLING.test(name))
    return "throttling";
  return name === "TimeoutError" || TRANSIENT_STATUSES.includes(metadata?.httpStatusCode ?? 0)
    ? "transient"
    : undefined;
}
