import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping/index.js";
import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import type { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter/index.js";
import { Construct } from "constructs";
import { toVariables } from "../../contract/environment.ts";
import type { DestinationSettings } from "../../contract/settings.ts";
import type { Artifact } from "../artifact.ts";
import type { Names } from "../names.ts";
import type { Statement } from "../policy.ts";
import type { EnvironmentSettings } from "../settings.ts";
import { NodeFunction } from "./node-function.ts";
import type { OverflowBucket } from "./overflow-bucket.ts";
import type { Queues } from "./queues.ts";
import { createSecretParameter } from "./secret-parameter.ts";

export interface ProcessorConfig {
  readonly environment: string;
  readonly names: Names;
  readonly settings: EnvironmentSettings;
  readonly artifact: Artifact;
  readonly queues: Queues;
  readonly overflow: OverflowBucket;
}

/** Delivers events: from the queue to the destination. */
export class Processor extends Construct {
  public readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, config: ProcessorConfig) {
    super(scope, id);
    const { settings } = config;
    const secret = this.createSecret(config);
    this.function = new NodeFunction(
      this,
      "Default",
      {
        name: config.names.function("processor"),
        description: "Delivers events from the queue to the destination",
        artifact: config.artifact,
        timeoutSeconds: settings.processor.timeoutSeconds,
        memoryMegabytes: settings.processor.memoryMegabytes,
        variables: this.variables(config, secret),
        permissions: this.permissions(config, secret),
      },
      settings,
    ).function;
    this.createMapping(config);
  }

  private createSecret({ names, settings: { destination } }: ProcessorConfig): SsmParameter | undefined {
    if (destination.kind !== "http" || destination.credentials === undefined) return undefined;
    return createSecretParameter(this, "destination_secret", {
      name: names.destinationSecret,
      description: `Credentials (${destination.credentials.kind}) for the destination`,
    });
  }

  private variables({ environment, settings, queues }: ProcessorConfig, secret: SsmParameter | undefined) {
    return toVariables("processor", {
      environment,
      logLevel: settings.logLevel,
      queueUrl: queues.main.url,
      deadLetterQueueUrl: queues.deadLetter.url,
      maxReceiveCount: String(settings.queue.maxReceiveCount),
      destination: JSON.stringify(toDestination(settings, secret)),
      backOff: JSON.stringify(settings.backOff),
      batchConcurrency: String(settings.processor.batchConcurrency),
    });
  }

  private permissions({ queues, overflow }: ProcessorConfig, secret: SsmParameter | undefined): Statement[] {
    const readSecret = (parameter: SsmParameter): Statement => ({
      Sid: "ReadSecret",
      Action: "ssm:GetParameter",
      Resource: parameter.arn,
    });
    return [
      {
        Sid: "ConsumeEvents",
        Action: [
          "sqs:ReceiveMessage",
          "sqs:DeleteMessage",
          "sqs:GetQueueAttributes",
          "sqs:ChangeMessageVisibility",
        ],
        Resource: queues.main.arn,
      },
      { Sid: "SendDeadLetters", Action: "sqs:SendMessage", Resource: queues.deadLetter.arn },
      { Sid: "ReadOverflow", Action: "s3:GetObject", Resource: `${overflow.bucket.arn}/*` },
      ...(secret ? [readSecret(secret)] : []),
    ];
  }

  private createMapping({ settings: { processor }, queues }: ProcessorConfig): void {
    new LambdaEventSourceMapping(this, "mapping", {
      eventSourceArn: queues.main.arn,
      functionName: this.function.arn,
      batchSize: processor.batchSize,
      maximumBatchingWindowInSeconds: processor.batchWindowSeconds,
      functionResponseTypes: ["ReportBatchItemFailures"],
      // Stops polling at the cap. Reserved concurrency would receive, fail and dead-letter good events.
      scalingConfig: { maximumConcurrency: processor.maximumConcurrency },
    });
  }
}

function toDestination(
  { destination }: EnvironmentSettings,
  secret: SsmParameter | undefined,
): DestinationSettings {
  if (destination.kind === "handlers") return destination;
  const { timeoutSeconds, credentials, ...rest } = destination;
  return {
    ...rest,
    timeoutMilliseconds: timeoutSeconds * 1000,
    ...(credentials && secret ? { credentials: { ...credentials, secretParameter: secret.name } } : {}),
  };
}
