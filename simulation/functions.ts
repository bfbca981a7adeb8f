// What the processor loads when it first needs it. Loaded now: a file is read in real time, which no clock here knows.
import "../functions/destination/credentials.ts";
import "../functions/destination/signing.ts";
import "../functions/processor/destinations/handlers.ts";
import "../functions/processor/handlers/index.ts";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import {
  GetEventSourceMappingCommand,
  type InvocationRequest,
  type UpdateEventSourceMappingRequest,
} from "@aws-sdk/client-lambda";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { SSMClient } from "@aws-sdk/client-ssm";
import type { FunctionName } from "../contract/environment.ts";
import type { Notice } from "../contract/notice.ts";
import type { Exchange } from "../functions/destination/exchange.ts";
import { bounds as processorBounds, processorWith } from "../functions/processor/handler.ts";
import { processorSettings } from "../functions/processor/settings.ts";
import { bounds as receiverBounds, receiverWith } from "../functions/receiver/handler.ts";
import { receiverSettings } from "../functions/receiver/settings.ts";
import { bounds as recoveryBounds, recoveryWith } from "../functions/recovery/handler.ts";
import { recoverySettings } from "../functions/recovery/settings.ts";
import { objectsOf } from "../functions/runtime/objects.ts";
import type { CountedLines } from "../local/stack/model.ts";
import type { AwsCalls, ModelClient, Operation } from "./aws/calls.ts";
import type { CloudWatch } from "./aws/cloudwatch.ts";
import type { Table } from "./aws/dynamodb.ts";
import { AwsError, ModelError } from "./aws/errors.ts";
import type { EventSourceMapping } from "./aws/event-source-mapping.ts";
import type { ExecutionEnvironment } from "./aws/execution-environment.ts";
import type { Handler, Invocation, Lambda } from "./aws/lambda.ts";
import type { Bucket } from "./aws/s3.ts";
import type { Topic } from "./aws/sns.ts";
import type { Sqs } from "./aws/sqs.ts";
import type { ParameterStore } from "./aws/ssm.ts";
import { observeInto } from "./observability.ts";
import type { Trace } from "./trace.ts";

/** What the handlers are loaded with. */
export interface Services {
  readonly calls: AwsCalls;
  readonly sqs: Sqs;
  readonly bucket: Bucket;
  readonly table: Table;
  readonly parameters: ParameterStore;
  readonly lambda: Lambda;
  readonly topic: Topic;
  readonly mapping: () => EventSourceMapping;
  readonly cloudWatch: CloudWatch;
  /** What CloudWatch counts in a function's lines. */
  readonly countedLines: (service: string) => readonly CountedLines[];
  readonly trace: Trace;
  /** Over the network, as one environment does: nothing comes back to a dead one. */
  readonly exchange: (environment: ExecutionEnvironment) => Exchange;
  readonly environmentName: string;
  /** Is told every log message. */
  readonly onMessage: (message: string) => void;
}

type Variables = Readonly<Record<string, string>>;
type Load = (variables: Variables, services: Services) => (environment: ExecutionEnvironment) => Handler;

/** The exported handlers, with models in AWS's place. Loaded once for each execution environment. */
export const loaders: Readonly<Record<FunctionName, Load>> = {
  receiver: (variables, services) => (environment) => {
    const { queue, bucket, secrets } = receiverBounds;
    const client = clientsOf(environment, services);
    return prepared(
      receiverWith(receiverSettings(variables), {
        ...observed(environment, "receiver", services),
        sqs: client("sqs", queue, services.sqs.operate) as unknown as SQSClient,
        ssm: client("ssm", secrets, services.parameters.operate) as unknown as SSMClient,
        objects: objects(client("s3", bucket, services.bucket.operate)),
        uuid: () => `${Math.random()}`, // the seed's
      }),
    );
  },
  processor: (variables, services) => (environment) => {
    const settings = processorSettings(variables);
    const { queue, bucket, secrets, state, recovery } = processorBounds;
    const client = clientsOf(environment, services);
    const lambda = client("lambda", recovery, lambdaApi(services));
    return prepared(
      processorWith(settings, {
        ...observed(environment, "processor", services),
        sqs: client("sqs", queue, services.sqs.operate) as unknown as SQSClient,
        objects: objects(client("s3", bucket, services.bucket.operate)),
        state: client("dynamodb", state, services.table.operate) as unknown as DynamoDBClient,
        secrets: client("ssm", secrets, services.parameters.operate) as unknown as SSMClient,
        openExchange: () => services.exchange(environment),
        callRecovery: async () => void (await lambda.send(new InvokeLater(settings.recoveryFunction))),
        uuid: () => `${Math.random()}`, // the seed's
      }),
    );
  },
  recovery: (variables, services) => (environment) => {
    const { queue, bucket, state, lambda, topic, probe } = recoveryBounds;
    const client = clientsOf(environment, services);
    return recoveryWith(recoverySettings(variables), {
      ...observed(environment, "recovery", services),
      sqs: client("sqs", queue, services.sqs.operate) as unknown as SQSClient,
      objects: objects(client("s3", bucket, services.bucket.operate)),
      state: client("dynamodb", state, services.table.operate) as unknown as DynamoDBClient,
      lambda: client("lambda", lambda, lambdaApi(services)) as unknown as LambdaClient,
      publish: async ({ subject, text }) =>
        void (await client("sns", topic, services.topic.operate).send(new Publish({ subject, text }))),
      prober: client("lambda", probe, lambdaApi(services)) as unknown as LambdaClient,
    }) as Handler;
  },
};

/** As `index.ts` does it: a new environment's first invocation comes when it has read ahead. */
function prepared(handler: { prepare(): Promise<void> } & ((...args: never[]) => Promise<unknown>)): Handler {
  const ready = handler.prepare();
  return async (event, context) => {
    await ready;
    return (handler as unknown as Handler)(event, context);
  };
}

type Client = (
  service: string,
  bounds: { attemptMilliseconds: number; attempts: number },
  operate: Operation,
) => ModelClient;

function clientsOf(environment: ExecutionEnvironment, { calls }: Services): Client {
  return (service, bounds, operate) => calls.client(service, environment, bounds, operate);
}

function observed(environment: ExecutionEnvironment, service: FunctionName, services: Services) {
  return observeInto(environment, service, services.environmentName, services);
}

function objects(client: ModelClient) {
  const found = Promise.resolve(objectsOf(client as unknown as S3Client));
  return () => found;
}

/** An invocation that nobody waits for, as `callRecovery` makes it. */
class InvokeLater {
  readonly input: { readonly FunctionName: string };

  constructor(FunctionName: string) {
    this.input = { FunctionName };
  }
}

/** What `publisher` makes of a notice. */
class Publish {
  readonly input: Notice;

  constructor(input: Notice) {
    this.input = input;
  }
}

/** A function that fails is an answer all the same; one that is throttled is an error. */
function invocationAnswer(result: Invocation): object {
  if (result.kind === "throttled")
    throw new AwsError("TooManyRequestsException", "Rate Exceeded.", 429, { throttling: true });
  if (result.kind === "failed") return { StatusCode: 200, FunctionError: "Unhandled" };
  return { StatusCode: 200, Payload: Buffer.from(JSON.stringify(result.value)) };
}

/** Lambda's API, as far as the functions use it. */
function lambdaApi({ lambda, mapping }: Services): Operation {
  return (operation, input, { hops }) => {
    switch (operation) {
      case InvokeLater.name:
        lambda.invokeLater((input as InvokeLater["input"]).FunctionName, {}, hops); // its lineage goes along
        return { StatusCode: 202 };
      case "Invoke": {
        const { FunctionName = "", InvocationType, Payload } = input as InvocationRequest;
        const event: unknown = JSON.parse(Buffer.from((Payload ?? "{}") as Uint8Array).toString());
        if (InvocationType !== "Event")
          return lambda.invoke(FunctionName, event, hops).then(invocationAnswer);
        lambda.invokeLater(FunctionName, event, hops);
        return { StatusCode: 202 };
      }
      case GetEventSourceMappingCommand.name.replace(/Command$/, ""):
        return {
          UUID: mapping().settings.uuid,
          State: mapping().state,
          StateTransitionReason: mapping().transitionReason,
        };
      case "UpdateEventSourceMapping":
        mapping().setEnabled((input as UpdateEventSourceMappingRequest).Enabled === true);
        return { State: mapping().state };
      default:
        throw new ModelError(`Lambda's model does not know ${operation}`);
    }
  };
}
