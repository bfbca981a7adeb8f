import { ApiGatewayV2Client } from "@aws-sdk/client-apigatewayv2";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { JsonProtocolClient } from "./json-protocol.ts";
import { QueryProtocolClient } from "./query-protocol.ts";

/** Credentials that open nothing but an emulator. */
const rehearsalCredentials = { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" } as const;

/**
 * The environment in which Terraform and the AWS provider take the emulator for AWS.
 *
 * @param accessKeyId by which the emulator knows who calls
 */
export function emulatorEnvironment(
  endpoint: string,
  region: string,
  accessKeyId: string = rehearsalCredentials.accessKeyId,
): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: rehearsalCredentials.secretAccessKey,
    AWS_SESSION_TOKEN: "",
    AWS_PROFILE: "",
    AWS_REGION: region,
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

/** One client for each service that is read back. */
export interface Cloud {
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  readonly api: ApiGatewayV2Client;
  readonly cloudWatch: CloudWatchClient;
  readonly dynamodb: DynamoDBClient;
  /** CloudWatch Logs and EventBridge. */
  readonly json: JsonProtocolClient;
  /** IAM and SNS. */
  readonly query: QueryProtocolClient;
  readonly s3: S3Client;
  readonly ssm: SSMClient;
  readonly close: () => void;
}

export function connect(endpoint: string, region: string): Cloud {
  const options = { endpoint, region, credentials: rehearsalCredentials };
  const clients = {
    sqs: new SQSClient(options),
    lambda: new LambdaClient(options),
    api: new ApiGatewayV2Client(options),
    cloudWatch: new CloudWatchClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true }),
    ssm: new SSMClient(options),
    dynamodb: new DynamoDBClient(options),
  };
  return {
    ...clients,
    json: new JsonProtocolClient(endpoint, region),
    query: new QueryProtocolClient(endpoint, region),
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
