import { deniedBy, explainAws, explainCaller } from "../../contract/explain-aws.ts";

interface Facts {
  readonly message?: string;
  readonly code?: string;
  readonly status?: number;
  readonly requestId?: string;
  readonly throttling?: boolean;
}

/** As the SDK throws it. */
function awsError(
  name: string,
  { message = "planted", code, status, requestId, throttling }: Facts = {},
): Error {
  return Object.assign(new Error(message), {
    name,
    ...(code === undefined ? {} : { code }),
    ...(status === undefined ? {} : { $metadata: { httpStatusCode: status, requestId } }),
    ...(throttling === undefined ? {} : { $retryable: { throttling } }),
  });
}

const NO_CREDENTIALS = "There are no AWS credentials, or none in that profile.";
const LOGIN_EXPIRED = "The AWS login has expired.";
const EXPIRED = "The AWS credentials have expired.";
const NOT_ACCEPTED = "AWS does not accept these credentials.";
const LOG_IN = "Log in again (aws sso login, or new keys), or name another profile with --profile.";
const LOG_IN_FIRST = "Log in (aws sso login); aws configure list-profiles shows what --profile can name.";
const NETWORK = "Check network, proxy and --region; a local run may have just ended.";

const ofTheCaller: [name: string, facts: Facts, what: string, remedy: string][] = [
  ["CredentialsProviderError", {}, NO_CREDENTIALS, LOG_IN_FIRST],
  ["TokenProviderError", { message: "Token is Expired" }, LOGIN_EXPIRED, LOG_IN],
  ["CredentialsProviderError", { message: "could not refresh" }, LOGIN_EXPIRED, LOG_IN],
  ["ExpiredToken", {}, EXPIRED, LOG_IN],
  ["com.amazonaws.sqs#ExpiredTokenException", {}, EXPIRED, LOG_IN],
  ["RequestExpired", {}, EXPIRED, LOG_IN],
  ["TokenRefreshRequired", {}, EXPIRED, LOG_IN],
  ["InvalidClientTokenId", {}, NOT_ACCEPTED, LOG_IN],
  ["UnrecognizedClientException", {}, NOT_ACCEPTED, LOG_IN],
  ["InvalidAccessKeyId", {}, NOT_ACCEPTED, LOG_IN],
  ["SignatureDoesNotMatch", {}, NOT_ACCEPTED, LOG_IN],
  ["InvalidSignatureException", {}, NOT_ACCEPTED, LOG_IN],
  ["InvalidToken", {}, NOT_ACCEPTED, LOG_IN],
  ["TimeoutError", { message: "slow" }, "AWS cannot be reached: slow.", NETWORK],
  ["NetworkingError", { message: "no net" }, "AWS cannot be reached: no net.", NETWORK],
  [
    "Error",
    { message: "connect ECONNREFUSED", code: "ECONNREFUSED" },
    "AWS cannot be reached: connect ECONNREFUSED.",
    NETWORK,
  ],
  ["AggregateError", { message: "", code: "ECONNRESET" }, "AWS cannot be reached: ECONNRESET.", NETWORK],
  ["Error", { message: "x", code: "ENOTFOUND" }, "AWS cannot be reached: x.", NETWORK],
];

test.each(ofTheCaller)("%s %j is about the caller", (name, facts, what, remedy) => {
  const error = awsError(name, facts);
  for (const explained of [explainAws(error), explainCaller(error)]) {
    expect(explained).toMatchObject({ message: what, remedy, exitCode: 1 });
    expect(explained?.cause).toBe(error);
  }
});

const PERMISSION = "Ask the platform team for that permission, or name another profile with --profile.";
const SLOWER = "Wait a minute and run it again, with a smaller --rate where there is one.";
const ELSEWHERE = "Check --profile and --region; the outputs may be of a stack that has been destroyed.";
const SUPPORT = "If it stays so, AWS's support asks for the request's id.";
const OURS = "GENESYS_DLQ_DEBUG=1 shows where.";

const ofTheCall: [name: string, facts: Facts, what: string, remedy: string][] = [
  ["AccessDenied", {}, "AWS denies access.", PERMISSION],
  [
    "AccessDeniedException",
    { message: "not authorized to perform: s3:PutObject" },
    "These credentials may not s3:PutObject.",
    PERMISSION,
  ],
  ["AuthorizationError", {}, "AWS denies access.", PERMISSION],
  ["UnauthorizedOperation", {}, "AWS denies access.", PERMISSION],
  ["Throttling", {}, "AWS takes no more calls for the moment (Throttling).", SLOWER],
  [
    "TooManyRequestsException",
    {},
    "AWS takes no more calls for the moment (TooManyRequestsException).",
    SLOWER,
  ],
  ["SlowDown", {}, "AWS takes no more calls for the moment (SlowDown).", SLOWER],
  ["LimitExceededException", {}, "AWS takes no more calls for the moment (LimitExceededException).", SLOWER],
  ["Odd", { throttling: true }, "AWS takes no more calls for the moment (Odd).", SLOWER],
  ["QueueDoesNotExist", {}, "There is no such queue in this account and region.", ELSEWHERE],
  [
    "AWS.SimpleQueueService.NonExistentQueue",
    {},
    "There is no such queue in this account and region.",
    ELSEWHERE,
  ],
  ["NoSuchBucket", {}, "There is no such bucket in this account and region.", ELSEWHERE],
  [
    "ResourceNotFoundException",
    {},
    "There is no such function, table or mapping in this account and region.",
    ELSEWHERE,
  ],
  [
    "Odd",
    { status: 418, requestId: "r-1", throttling: false },
    "AWS answered 418, Odd: planted (request r-1)",
    SUPPORT,
  ],
  ["Odd", { status: 418 }, "AWS answered 418, Odd: planted", SUPPORT],
  ["TypeError", {}, "Something went wrong that nobody foresaw: planted", OURS],
  // Names that only contain one of those above, before or behind.
  ["NotExpiredToken", {}, "Something went wrong that nobody foresaw: planted", OURS],
  ["NoInvalidToken", {}, "Something went wrong that nobody foresaw: planted", OURS],
  ["NoAccessDenied", {}, "Something went wrong that nobody foresaw: planted", OURS],
  ["NoTimeoutError", {}, "Something went wrong that nobody foresaw: planted", OURS],
  ["TimeoutErrors", {}, "Something went wrong that nobody foresaw: planted", OURS],
  ["QueueDoesNotExistYet", {}, "Something went wrong that nobody foresaw: planted", OURS],
  ["NoQueueDoesNotExist", {}, "Something went wrong that nobody foresaw: planted", OURS],
  ["NoCredentialsProviderError", {}, "Something went wrong that nobody foresaw: planted", OURS],
  ["CredentialsProviderErrors", {}, "Something went wrong that nobody foresaw: planted", OURS],
  ["Error", { code: "NOT_ECONN" }, "Something went wrong that nobody foresaw: planted", OURS],
];

test.each(ofTheCall)("%s %j is about the call", (name, facts, what, remedy) => {
  const error = awsError(name, facts);
  expect(explainAws(error)).toMatchObject({ message: what, remedy, exitCode: 1 });
  expect(explainAws(error).cause).toBe(error);
  expect(explainCaller(error)).toBeUndefined();
});

test.each([undefined, null, "text"])("what is no error at all is told as it is: %p", (thrown) => {
  expect(explainAws(thrown).message).toBe(`Something went wrong that nobody foresaw: ${thrown}`);
});

test("a denial says the action, and the resource where AWS names one", () => {
  expect([
    deniedBy(
      "User: x is not authorized to perform: sqs:SendMessage on resource: arn:aws:sqs:eu-west-1:1:q because …",
    ),
    deniedBy("User: x is not authorized to perform: execute-api:* with an explicit deny"),
    deniedBy("no"),
  ]).toEqual([
    "These credentials may not sqs:SendMessage on arn:aws:sqs:eu-west-1:1:q.",
    "These credentials may not execute-api:*.",
    "AWS denies access.",
  ]);
});
