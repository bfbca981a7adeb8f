/** Resource types that change nothing in a local run, each with the reason. Their attributes are not looked at. */
export const typesWithoutEffect: Readonly<Record<string, string>> = {
  aws_apigatewayv2_domain_name: "the API answers at an address of this machine",
  aws_apigatewayv2_api_mapping: "the API answers at an address of this machine",
  aws_s3_bucket_public_access_block: "the bucket answers this machine only",
  aws_s3_bucket_ownership_controls: "there is one owner",
  aws_s3_bucket_server_side_encryption_configuration:
    "data lies on this machine, as safe as its owner keeps it",
  aws_s3_bucket_lifecycle_configuration: "objects stay until their folder is deleted",
  aws_s3_bucket_logging: "the local run tells of each event itself",
  aws_s3_bucket_versioning: "objects stay until their folder is deleted",
  aws_iam_role_policies_exclusive: "a role has the policies of this stack, and nobody adds one",
  aws_iam_role_policy_attachments_exclusive: "a role has the policies of this stack, and nobody adds one",
  aws_lambda_function_recursion_config: "nobody counts the hops of a chain on this machine",
  aws_cloudwatch_dashboard: "the local run tells of each event itself",
  aws_kms_key_policy: "data lies on this machine, as safe as its owner keeps it",
  aws_chatbot_slack_channel_configuration: "nobody is woken up by a local run",
  aws_sns_topic_policy: "nobody is woken up by a local run",
  aws_sns_topic_subscription: "nobody is woken up by a local run",
};
