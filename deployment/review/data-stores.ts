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
