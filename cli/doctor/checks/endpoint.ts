import type { Check, CheckTarget } from "../check.ts";
import { type CheckResult, resultsOf } from "../check-result.ts";
import { remedyIn } from "../words.ts";

/**
 * Whether each address answers at all: name service, certificate and API. A GET is no event, and the API
 * knows none, so that it answers 404.
 */
export const endpoint: Check = {
  name: "endpoint",
  async run(target) {
    const origins = new Set(Object.values(target.environment.outputs.urls).map((url) => new URL(url).origin));
    if (origins.size === 0) return [resultsOf("endpoint").ok("none: no source posts here")];
    return await Promise.all([...origins].map((origin) => askFor(origin, target)));
  },
};

async function askFor(origin: string, { environment, signal }: CheckTarget): Promise<CheckResult> {
  const { ok, failure, warning } = resultsOf("endpoint");
  try {
    const response = await fetch(origin, { redirect: "manual", signal });
    await response.body?.cancel();
    const { status } = response;
    if (status === 403) {
      return warning(
        `${origin} answers 403: there is no such API, or something in front of it refuses.`,
        remedyIn(
          environment,
          "Compare the outputs with those of the last deployment; look at what stands in front of the API.",
        ),
      );
    }
    return status < 500
      ? ok(`${origin} answers`)
      : failure(
          `${origin} answers ${status}.`,
          remedyIn(
            environment,
            "Look at the API in the AWS console, and at status.aws.amazon.com.",
            "Look at what npm start prints.",
          ),
        );
  } catch (error) {
    signal.throwIfAborted();
    return failure(
      `${origin} cannot be reached: ${reasonOf(error)}.`,
      remedyIn(
        environment,
        "Look at this machine's network first; then at DNS and certificate of a custom domain, and whether it wants a client certificate.",
      ),
    );
  }
}

/** `fetch failed` says nothing; what it was made from does. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & {
    cause?: { readonly code?: string; readonly message?: string };
  };
  return cause?.code ?? cause?.message ?? message;
}
