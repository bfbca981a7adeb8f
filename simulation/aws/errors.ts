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

/** Which errors the SDK's standard mode tries again: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
export function isRetried(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, $metadata: metadata, $retryable: retryable } = error as AwsError;
  return (
    name === "TimeoutError" ||
    retryable?.throttling === true ||
    /Throttl|TooManyRequests|ProvisionedThroughputExceeded|RequestLimitExceeded/.test(name) ||
    (metadata?.httpStatusCode ?? 0) >= 500
  );
}
