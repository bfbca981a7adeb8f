import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SNSClient } from "@aws-sdk/client-sns";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { SSMClient } from "@aws-sdk/client-ssm";
import type { STSClient } from "@aws-sdk/client-sts";
import { defined } from "../../contract/defined.ts";

/** Where an environment's AWS services are, and as whom to call them. */
export interface Account {
  readonly region: string;
  readonly profile?: string;
  /** Of a local run, which stands in for AWS. */
  readonly endpoint?: string;
  /** Of a local run that a person has named by its folder. */
  readonly data?: string;
  /** What a local run knows its operator by; others are known by their own credentials. */
  readonly accessKeyId?: string;
}

/** How long an answer is waited for. */
export interface RetryPolicy {
  readonly attempts: number;
  readonly attemptMilliseconds: number;
}

/** Longer than SQS's longest wait for a message. */
const DEFAULT_RETRY_POLICY: RetryPolicy = { attempts: 4, attemptMilliseconds: 30_000 };

/** The clients of one environment, each loaded when first asked for, and none that waits for ever. */
export class AwsClients {
  readonly #config: ReturnType<typeof configFor>;
  #sqs: Promise<SQSClient> | undefined;
  #s3: Promise<S3Client> | undefined;
  #dynamodb: Promise<DynamoDBClient> | undefined;
  #lambda: Promise<LambdaClient> | undefined;
  #ssm: Promise<SSMClient> | undefined;
  #cloudwatch: Promise<CloudWatchClient> | undefined;
  #logs: Promise<CloudWatchLogsClient> | undefined;
  #sns: Promise<SNSClient> | undefined;
  #sts: Promise<STSClient> | undefined;

  constructor(account: Account, retryPolicy = DEFAULT_RETRY_POLICY) {
    this.#config = configFor(account, retryPolicy);
  }

  sqs(): Promise<SQSClient> {
    this.#sqs ??= import("@aws-sdk/client-sqs").then(({ SQSClient }) => new SQSClient(this.#config));
    return this.#sqs;
  }

  s3(): Promise<S3Client> {
    const forcePathStyle = this.#config.endpoint !== undefined;
    this.#s3 ??= import("@aws-sdk/client-s3").then(
      ({ S3Client }) => new S3Client({ ...this.#config, forcePathStyle }),
    );
    return this.#s3;
  }

  dynamodb(): Promise<DynamoDBClient> {
    this.#dynamodb ??= import("@aws-sdk/client-dynamodb").then(
      ({ DynamoDBClient }) => new DynamoDBClient(this.#config),
    );
    return this.#dynamodb;
  }

  lambda(): Promise<LambdaClient> {
    this.#lambda ??= import("@aws-sdk/client-lambda").then(
      ({ LambdaClient }) => new LambdaClient(this.#config),
    );
    return this.#lambda;
  }

  ssm(): Promise<SSMClient> {
    this.#ssm ??= import("@aws-sdk/client-ssm").then(({ SSMClient }) => new SSMClient(this.#config));
    return this.#ssm;
  }

  cloudwatch(): Promise<CloudWatchClient> {
    this.#cloudwatch ??= import("@aws-sdk/client-cloudwatch").then(
      ({ CloudWatchClient }) => new CloudWatchClient(this.#config),
    );
    return this.#cloudwatch;
  }

  logs(): Promise<CloudWatchLogsClient> {
    this.#logs ??= import("@aws-sdk/client-cloudwatch-logs").then(
      ({ CloudWatchLogsClient }) => new CloudWatchLogsClient(this.#config),
    );
    return this.#logs;
  }

  sns(): Promise<SNSClient> {
    this.#sns ??= import("@aws-sdk/client-sns").then(({ SNSClient }) => new SNSClient(this.#config));
    return this.#sns;
  }

  sts(): Promise<STSClient> {
    this.#sts ??= import("@aws-sdk/client-sts").then(({ STSClient }) => new STSClient(this.#config));
    return this.#sts;
  }
}

function configFor(
  { region, profile, endpoint, accessKeyId = "local" }: Account,
  { attempts, attemptMilliseconds }: RetryPolicy,
) {
  return {
    region,
    maxAttempts: attempts,
    requestHandler: {
      connectionTimeout: 3_000,
      requestTimeout: attemptMilliseconds,
      throwOnRequestTimeout: true, // without it the SDK only warns, and goes on waiting
    },
    ...defined({ profile }),
    // A local run looks at the access key alone, but the SDK wants both.
    ...(endpoint === undefined ? {} : { endpoint, credentials: { accessKeyId, secretAccessKey: "local" } }),
  };
}
