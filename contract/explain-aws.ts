import { CommandError } from "./command-error.ts";

interface AwsError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly $retryable?: { readonly throttling?: boolean };
}

type Sentences = readonly [what: string, remedy: string];

const LOG_IN = "Log in again (aws sso login, or new keys), or name another profile with --profile.";

/** What the caller can mend, in words; Terraform meets the same errors and words them otherwise. */
export const aboutTheCaller = {
  noCredentials: [
    "There are no AWS credentials, or none in that profile.",
    "Log in (aws sso login); aws configure list-profiles shows what --profile can name.",
  ],
  loginExpired: ["The AWS login has expired.", LOG_IN],
  expired: ["The AWS credentials have expired.", LOG_IN],
  notAccepted: ["AWS does not accept these credentials.", LOG_IN],
  notReached: [
    "AWS cannot be reached",
    "Check network, proxy and --region; a local run may have just ended.",
  ],
} as const satisfies Record<string, Sentences>;

const NOT_REACHED = /^(ECONN|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE)/;

/** An error that a call to AWS has ended with, in words that help. Anything else is an error of ours. */
export function explainAws(error: unknown): CommandError {
  return toError(ofTheCaller(error as AwsError) ?? ofTheCall(error as AwsError), error);
}

/** The same where it is about who calls and from where, whatever is called: `undefined` for any other error. */
export function explainCaller(error: unknown): CommandError | undefined {
  const sentences = ofTheCaller(error as AwsError);
  return sentences && toError(sentences, error);
}

/** What these credentials may not do, as far as AWS says it: `… is not authorized to perform: … on resource: …`. */
export function deniedBy(message: string): string {
  const [, action, resource] = /perform: ([\w-]+:[\w*]+)(?: on resource: (\S+))?/.exec(message) ?? [];
  if (action === undefined) return "AWS denies access.";
  return `These credentials may not ${action}${resource === undefined ? "" : ` on ${resource}`}.`;
}

function toError([what, remedy]: Sentences, cause: unknown): CommandError {
  return new CommandError(what, remedy, { cause });
}

function nameOf(error: AwsError): string {
  return String(error?.name ?? "").replace(/^.*[.#]/, "");
}

function ofTheCaller(error: AwsError): Sentences | undefined {
  const name = nameOf(error);
  const message = String(error?.message ?? error);
  if (/^(CredentialsProviderError|TokenProviderError)$/.test(name)) {
    return /expired|refresh/i.test(message) ? aboutTheCaller.loginExpired : aboutTheCaller.noCredentials;
  }
  if (/^(ExpiredToken|RequestExpired|TokenRefreshRequired)/.test(name)) return aboutTheCaller.expired;
  if (WRONG_CREDENTIALS.test(name)) return aboutTheCaller.notAccepted;
  if (/^(TimeoutError|NetworkingError)$/.test(name) || NOT_REACHED.test(String(error?.code ?? ""))) {
    const [what, remedy] = aboutTheCaller.notReached;
    return [`${what}: ${message || error.code}.`, remedy];
  }
  return undefined;
}

const WRONG_CREDENTIALS =
  /^(InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignature|InvalidToken)/;

function ofTheCall(error: AwsError): Sentences {
  const name = nameOf(error);
  const message = String(error?.message ?? error);
  if (/^(AccessDenied|AuthorizationError|UnauthorizedOperation)/.test(name)) {
    return [
      deniedBy(message),
      "Ask the platform team for that permission, or name another profile with --profile.",
    ];
  }
  if (error?.$retryable?.throttling === true || /Throttl|TooManyRequests|SlowDown|LimitExceeded/.test(name)) {
    return [
      `AWS takes no more calls for the moment (${name}).`,
      "Wait a minute and run it again, with a smaller --rate where there is one.",
    ];
  }
  if (/^(QueueDoesNotExist|NonExistentQueue)$/.test(name)) return missing("queue");
  if (name === "NoSuchBucket") return missing("bucket");
  if (name === "ResourceNotFoundException") return missing("function, table or mapping");
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

function missing(kind: string): Sentences {
  return [
    `There is no such ${kind} in this account and region.`,
    "Check --profile and --region; the outputs may be of a stack that has been destroyed.",
  ];
}
