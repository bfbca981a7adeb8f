import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping/index.js";
import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import type { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter/index.js";
import { Construct } from "constructs";
import type { DestinationSettings } from "../../contract/variables/destination.ts";
import type { Artifact } from "../artifact.ts";
import type { Names } from "../names.ts";
import type { Statement } from "../policy.ts";
import type { EnvironmentSettings } from "../settings.ts";
import { variablesFor } from "../variables.ts";
import { countLines } from "./line-counts.ts";
import { NodeFunction, type RoleAccess } from "./node-function.ts";
import type { OverflowBucket } from "./overflow-bucket.ts";
import type { Queues } from "./queues.ts";
import { allowRecursion } from "./recursion.ts";
import { createSecretParameter, readSecrets } from "./secret-parameter.ts";
import type { StateTable } from "./state-table.ts";

export interface ProcessorConfig {
  readonly environment: string;
  readonly names: Names;
  readonly settings: EnvironmentSettings;
  readonly artifact: Artifact;
  readonly queues: Queues;
  readonly overflow: OverflowBucket;
  readonly state: StateTable;
}

/** Delivers events: from the queue to the destination. */
export class Processor extends Construct {
  readonly function: LambdaFunction;
  readonly access: RoleAccess;
  readonly mapping: LambdaEventSourceMapping;
  /** The destination, as both the processor and recovery get it. */
  readonly destination: DestinationSettings;
  readonly destinationSecret: SsmParameter | undefined;
  /** Of what signs deliveries. */
  readonly destinationSigning: SsmParameter | undefined;

  constructor(scope: Construct, id: string, config: ProcessorConfig) {
    super(scope, id);
    const { settings } = config;
    this.destinationSecret = this.#createSecret(config);
    this.destinationSigning = this.#createSigningSecret(config);
    this.destination = toDestination(settings, this.destinationSecret, this.destinationSigning);
    const {
      function: processor,
      access,
      logs,
    } = new NodeFunction(
      this,
      "Default",
      {
        name: config.names.function("processor"),
        description: "Delivers events from the queue to the destination",
        artifact: config.artifact,
        timeoutSeconds: settings.processor.timeoutSeconds,
        memoryMegabytes: settings.processor.memoryMegabytes,
        variables: this.#variables(config),
        permissions: this.#permissions(config),
      },
      settings,
    );
    countLines(this, logs, config.names, "processor");
    this.function = processor;
    this.access = access;
    allowRecursion(this, processor);
    this.mapping = this.#createMapping(config);
  }

  /** Both of the destination's, as far as there are any. */
  get secrets(): readonly SsmParameter[] {
    return [this.destinationSecret, this.destinationSigning].filter((secret) => secret !== undefined);
  }

  #createSecret({ names, settings }: ProcessorConfig): SsmParameter | undefined {
    const { destination } = settings;
    if (destination.kind !== "http" || destination.credentials === undefined) return undefined;
    return createSecretParameter(
      this,
      "destination_secret",
      { name: names.destinationSecret, description: "Credentials for the destination" },
      settings,
    );
  }

  #createSigningSecret({ names, settings }: ProcessorConfig): SsmParameter | undefined {
    const { destination } = settings;
    if (destination.kind !== "http" || destination.signing === undefined) return undefined;
    const description = "Secret that signs deliveries to the destination";
    const config = { name: names.destinationSigning, description };
    return createSecretParameter(this, "destination_signing", config, settings);
  }

  #variables({ environment, names, settings, queues, overflow, state }: ProcessorConfig) {
    return variablesFor("processor", settings, {
      environment,
      queueUrl: queues.main.url,
      deadLetterQueueUrl: queues.deadLetter.url,
      destination: this.destination,
      overflowBucket: overflow.bucket.bucket,
      stateTable: state.table.name,
      // By its name: recovery knows the mapping, and so cannot come before it.
      recoveryFunction: names.function("recovery"),
    });
  }

  #permissions({ queues, overflow, state }: ProcessorConfig): Statement[] {
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
      {
        // An event that an open breaker defers on its last receive goes to the main queue.
        Sid: "SendToDeadLetterQueue",
        Action: "sqs:SendMessage",
        Resource: [queues.deadLetter.arn, queues.main.arn],
      },
      {
        Sid: "ReadWriteState",
        Action: ["dynamodb:GetItem", "dynamodb:PartiQLInsert", "dynamodb:PutItem", "dynamodb:UpdateItem"],
        Resource: state.table.arn,
      },
      { Sid: "ReadOverflow", Action: "s3:GetObject", Resource: overflow.claimChecks },
      // Without it S3 calls a missing object forbidden, and the event would be tried for nothing.
      { Sid: "ListBucketForNotFound", Action: "s3:ListBucket", Resource: overflow.bucket.arn },
      ...readSecrets(this.destinationSecret, this.destinationSigning),
    ];
  }

  #createMapping({ settings: { processor }, queues }: ProcessorConfig): LambdaEventSourceMapping {
    return new LambdaEventSourceMapping(this, "mapping", {
      eventSourceArn: queues.main.arn,
      functionName: this.function.arn,
      batchSize: processor.batchSize,
      maximumBatchingWindowInSeconds: processor.batchWindowSeconds,
      functionResponseTypes: ["ReportBatchItemFailures"],
      // Stops polling at the cap, which reserved concurrency does not: docs/decisions/0005-bound-deliveries-ourselves.md
      scalingConfig: { maximumConcurrency: processor.maximumConcurrency },
      lifecycle: { ignoreChanges: ["enabled"] }, // the breaker's
    });
  }
}

function toDestination(
  { destination }: EnvironmentSettings,
  secret: SsmParameter | undefined,
  signingSecret: SsmParameter | undefined,
): DestinationSettings {
  if (destination.kind === "handlers") return destination;
  const { timeoutSeconds, credentials, signing, ...rest } = destination;
  return {
    ...rest,
    timeoutMilliseconds: timeoutSeconds * 1000,
    ...(credentials && secret ? { credentials: { ...credentials, secretParameter: secret.name } } : {}),
    ...(signing && signingSecret ? { signing: { ...signing, secretParameter: signingSecret.name } } : {}),
  };
}
