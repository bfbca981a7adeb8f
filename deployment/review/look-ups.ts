import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DescribeParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { defined } from "../../contract/defined.ts";
import type { Values } from "../../terraform/plan-json.ts";

export interface ClientConfig {
  readonly region: string;
  readonly profile?: string;
  readonly maxAttempts: number;
  readonly requestHandler: object;
}

/** For each resource that is to be made, the names of what is there already. */
type LookUp = (wanted: readonly Values[], config: ClientConfig) => Promise<readonly string[][]>;

export const lookUps: Readonly<Record<string, LookUp>> = {
  aws_s3_bucket(wanted, config) {
    const client = new S3Client({ ...config, followRegionRedirects: true });
    return eachOf(wanted, client, async ({ bucket, bucket_prefix: prefix }) => {
      const names: string[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(
          new ListBucketsCommand({ MaxBuckets: 1_000, ...defined({ ContinuationToken }) }),
        );
        names.push(...(page.Buckets ?? []).map(({ Name = "" }) => Name));
        ContinuationToken = page.ContinuationToken;
      } while (ContinuationToken !== undefined);
      return names.filter((name) => (prefix ? isMadeFrom(String(prefix), name) : name === bucket));
    });
  },
  aws_sqs_queue(wanted, config) {
    const client = new SQSClient(config);
    return eachOf(wanted, client, ({ name }) =>
      nameUnless(/NonExistentQueue|QueueDoesNotExist/, name, config, () =>
        client.send(new GetQueueUrlCommand({ QueueName: String(name) })),
      ),
    );
  },
  aws_dynamodb_table(wanted, config) {
    const client = new DynamoDBClient(config);
    return eachOf(wanted, client, ({ name }) =>
      nameUnless(/ResourceNotFound/, name, config, () =>
        client.send(new DescribeTableCommand({ TableName: String(name) })),
      ),
    );
  },
  aws_lambda_function(wanted, config) {
    const client = new LambdaClient(config);
    return eachOf(wanted, client, ({ function_name: name }) =>
      nameUnless(/ResourceNotFound/, name, config, () =>
        client.send(new GetFunctionConfigurationCommand({ FunctionName: String(name) })),
      ),
    );
  },
  aws_ssm_parameter(wanted, config) {
    const client = new SSMClient(config);
    return eachOf(wanted, client, async ({ name }) => {
      const filter = { Key: "Name", Option: "Equals", Values: [String(name)] };
      // A page may be empty, and another one follow.
      for (let NextToken: string | undefined; ; ) {
        const page = await client.send(
          new DescribeParametersCommand({ ParameterFilters: [filter], ...defined({ NextToken }) }),
        );
        if ((page.Parameters ?? []).length > 0) return [`${name} in ${config.region}`];
        NextToken = page.NextToken;
        if (NextToken === undefined) return [];
      }
    });
  },
};

/** Terraform adds the time to a prefix, in 26 digits: another environment's may begin alike, and go on in letters. */
function isMadeFrom(prefix: string, name: string): boolean {
  return name.startsWith(prefix) && /^\d{26}$/.test(name.slice(prefix.length));
}

async function eachOf(
  wanted: readonly Values[],
  client: { readonly destroy: () => void },
  lookUp: (values: Values) => Promise<string[]>,
): Promise<readonly string[][]> {
  try {
    return await Promise.all(wanted.map(lookUp));
  } finally {
    client.destroy();
  }
}

async function nameUnless(
  missing: RegExp,
  name: unknown,
  { region }: ClientConfig,
  call: () => Promise<unknown>,
): Promise<string[]> {
  try {
    await call();
    return [`${name} in ${region}`];
  } catch (error) {
    if (missing.test((error as Error).name)) return [];
    throw error;
  }
}
