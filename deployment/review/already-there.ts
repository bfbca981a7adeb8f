import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DescribeParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { defined } from "../../contract/defined.ts";
import { isObject, type PlanJson, type Values } from "../../terraform/plan-json.ts";
import { actionOf } from "./planned.ts";
import { managed } from "./snapshots.ts";

/** What a plan makes, although the account has it: another state looks after it, or none does. */
export interface AlreadyThere {
  readonly address: string;
  /** What it is called in AWS, and where it is. */
  readonly name: string;
}

export interface Found {
  readonly there: readonly AlreadyThere[];
  /** Why some could not be looked for: then nothing is said of them. */
  readonly unchecked: readonly string[];
}

export interface Account {
  readonly region: string;
  readonly profile?: string;
}

/**
 * Looks in the account for what the plan would make. An empty state says nothing about the account: where the state's
 * key or bucket has changed, everything is there, and its state is elsewhere. On a first day, nothing is.
 *
 * Bucket names come from everywhere: this sees an environment in another region too.
 */
export async function findAlreadyThere(plan: PlanJson, account: Account): Promise<Found> {
  const options = defined({ region: account.region, profile: account.profile });
  const created = managed(plan.resource_changes).filter((resource) => actionOf(resource) === "create");
  const looked = await Promise.all(
    Object.entries(lookUps).map(async ([type, lookUp]): Promise<Found> => {
      const wanted = created.filter((resource) => resource.type === type);
      if (wanted.length === 0) return { there: [], unchecked: [] };
      try {
        const names = await lookUp(
          wanted.map(({ change: { after } }) => (isObject(after) ? after : {})),
          options as { region: string },
        );
        const there = wanted.flatMap(({ address }, i) => (names[i] ?? []).map((name) => ({ address, name })));
        return { there, unchecked: [] };
      } catch (error) {
        return { there: [], unchecked: [`${type}: ${(error as Error).name}`] };
      }
    }),
  );
  return {
    there: looked.flatMap(({ there }) => there),
    unchecked: looked.flatMap(({ unchecked }) => unchecked),
  };
}

/** For each resource that is to be made, the names of what is there already. */
type LookUp = (
  wanted: readonly Values[],
  options: { readonly region: string },
) => Promise<readonly string[][]>;

const lookUps: Readonly<Record<string, LookUp>> = {
  aws_s3_bucket(wanted, options) {
    const client = new S3Client({ ...options, followRegionRedirects: true });
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
  aws_sqs_queue(wanted, options) {
    const client = new SQSClient(options);
    return eachOf(wanted, client, ({ name }) =>
      nameUnless(/NonExistentQueue|QueueDoesNotExist/, name, options, () =>
        client.send(new GetQueueUrlCommand({ QueueName: String(name) })),
      ),
    );
  },
  aws_dynamodb_table(wanted, options) {
    const client = new DynamoDBClient(options);
    return eachOf(wanted, client, ({ name }) =>
      nameUnless(/ResourceNotFound/, name, options, () =>
        client.send(new DescribeTableCommand({ TableName: String(name) })),
      ),
    );
  },
  aws_lambda_function(wanted, options) {
    const client = new LambdaClient(options);
    return eachOf(wanted, client, ({ function_name: name }) =>
      nameUnless(/ResourceNotFound/, name, options, () =>
        client.send(new GetFunctionConfigurationCommand({ FunctionName: String(name) })),
      ),
    );
  },
  aws_ssm_parameter(wanted, options) {
    const client = new SSMClient(options);
    return eachOf(wanted, client, async ({ name }) => {
      const filter = { Key: "Name", Option: "Equals", Values: [String(name)] };
      // A page may be empty, and another one follow.
      for (let NextToken: string | undefined; ; ) {
        const page = await client.send(
          new DescribeParametersCommand({ ParameterFilters: [filter], ...defined({ NextToken }) }),
        );
        if ((page.Parameters ?? []).length > 0) return [`${name} in ${options.region}`];
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
  { region }: { readonly region: string },
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
