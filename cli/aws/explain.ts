import { CommandError } from "../../contract/command-error.ts";

interface AwsError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly $retryable?: { readonly throttling?: boolean };
}

type Sentences = readonly [what: string, remedy: string];

const NOT_REACHED = /^(ECONN|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE)/;

/** An error that a call to AWS has ended with, in words that help. Anything else is an error of ours. */
export function explainAws(error: unknown): CommandError {
  const given = error as AwsError;
  const [what, remedy] = sentences(given);
  return new CommandError(what, remedy, { cause: error });
}

function sentences(error: AwsError): Sentences {
  const name = String(error?.name ?? "").replace(/^.*[.#]/, "");
  const message = String(error?.message ?? error);
  if (/^(CredentialsProviderError|TokenProviderError)$/.test(name)) return credentials(message);
  if (/^(ExpiredToken|RequestExpired|TokenRefreshRequired)/.test(name)) {
    return ["The AWS credentials have expired.", LOG_IN];
  }
  if (
    /^(InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignature)/.test(
      name,
    )
  ) {
    return ["AWS does not accept these credentials.", LOG_IN];
  }
  if (/^(AccessDenied|AuthorizationError|UnauthorizedOperation)/.test(name)) return denied(message);
  if (error?.$retryable?.throttling === true || /Throttl|TooManyRequests|SlowDown|LimitExceeded/.test(name)) {
    return [
      `AWS takes no more calls for the moment (${name}).`,
      "Wait a minute and run it again, with a smaller --rate where there is one.",
    ];
  }
  if (/^(QueueDoesNotExist|NonExistentQueue)$/.test(name)) return missing("queue");
  if (name === "NoSuchBucket") return missing("bucket");
  if (name === "ResourceNotFoundException") return missing("function, table or mapping");
  if (name === "TimeoutError" || NOT_REACHED.test(String(error?.code ?? ""))) {
    return [
      `AWS cannot be reached: ${message || error.code}.`,
      "Check network, proxy and --region; a local run may have just ended.",
    ];
  }
  if (error?.$metadata?.httpStatusCode !== undefined) {
    const { httpStatusCode: status, requestId } = error.$metadata;
    const request = requestId === undefined ? "" : ` (request ${requestId})`;
    return [
      `AWS answered ${status}, ${name}: ${message}${request}`,
      "If it stays so, AWS's support asks for the request's id.",
    ];
  }
  return [`Something went wrong that nobody foresaw: ${message}`, "GENESYS_DLQ_DEBUG=1 shows where."];
}

const LOG_IN = "Log in again (aws sso login, or new keys), or name another profile with --profile.";

function credentials(message: string): Sentences {
  if (/expired|refresh/i.test(message)) return ["The AWS login has expired.", LOG_IN];
  return [
    "There are no AWS credentials, or none in that profile.",
    "Log in (aws sso login); aws configure list-profiles shows what --profile can name.",
  ];
}

/** `User: … is not authorized to perform: sqs:receivemessage on resource: … because …` */
function denied(message: string): Sentences {
  const [, action, resource] = /perform: ([\w-]+:\w+)(?: on resource: (\S+))?/.exec(message) ?? [];
  const what =
    action === undefined
      ? "AWS denies access."
      : `These credentials may not ${action}${resource === undefined ? "" : ` on ${resource}`}.`;
  return [what, "Ask the platform team for that permission, or name another profile with --profile."];
}

function missing(kind: string): Sentences {
  return [
    `There is no such ${kind} in this account and region.`,
    "Check --profile and --region; the outputs may be of a stack that has been destroyed.",
  ];
}
