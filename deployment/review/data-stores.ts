/** What is gone for good when a resource of this type is destroyed, or replaced by an empty one. */
export const lostWith: Readonly<Record<string, string>> = {
  aws_sqs_queue: "every event in the queue",
  aws_s3_bucket: "every event in the bucket, spilled or claim-checked",
  aws_dynamodb_table:
    "the record of deliveries, so that duplicates are delivered again, and the breaker's state",
  aws_ssm_parameter: "the secret in it: until it is filled in again, nothing that needs it goes on",
  aws_secretsmanager_secret: "the secret in it: until it is filled in again, nothing that needs it goes on",
  aws_cloudwatch_log_group: "every line of the log",
  aws_cloudwatch_event_archive: "every archived event",
  aws_kms_key: "everything that was encrypted with the key",
  aws_apigatewayv2_api: "the URL that Genesys posts to: until it is told the new one, events are refused",
};

/** For how long something is kept, by what it is called in a report; 0: for ever. */
type Kept = Readonly<Record<string, number>>;

/** What of a plan's attributes says so; they are whatever the provider gives. */
type Attributes = Readonly<Record<string, unknown>>;

const numberAt =
  (name: string) =>
  (attributes: Attributes): Kept => ({ [name]: Number(attributes[name]) });

/** By type: for how long data is kept, and what a smaller value deletes. */
export const keptFor: Readonly<
  Record<string, { readonly kept: (attributes: Attributes) => Kept; readonly lost: string }>
> = {
  aws_sqs_queue: {
    kept: numberAt("message_retention_seconds"),
    lost: "events that have waited for longer",
  },
  aws_cloudwatch_log_group: { kept: numberAt("retention_in_days"), lost: "log lines that are older" },
  aws_s3_bucket_lifecycle_configuration: {
    kept: expirations,
    lost: "events in the bucket that are older, spilled, parked or claim-checked",
  },
};

interface LifecycleRule {
  readonly filter?: readonly { readonly prefix?: string | null }[];
  readonly expiration?: readonly { readonly days?: number | null }[];
}

/** The folder of everything, for those that have no rule of their own. */
export const EVERYTHING = "expiration.days of everything";

function expirations({ rule: rules = [] }: { readonly rule?: unknown }): Kept {
  return Object.fromEntries(
    (rules as readonly LifecycleRule[]).map(({ filter, expiration }) => {
      const prefix = filter?.[0]?.prefix ?? "";
      const name = prefix === "" ? EVERYTHING : `expiration.days of ${prefix}`;
      return [name, Number(expiration?.[0]?.days ?? 0)];
    }),
  );
}
