import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import { Construct } from "constructs";
import type { Artifact } from "../artifact.ts";
import type { Names } from "../names.ts";
import type { Statement } from "../policy.ts";
import type { EnvironmentSettings } from "../settings.ts";
import type { EnabledSource } from "../sources.ts";
import { variablesFor } from "../variables.ts";
import { countLines } from "./line-counts.ts";
import { NodeFunction, type RoleAccess } from "./node-function.ts";
import type { OverflowBucket } from "./overflow-bucket.ts";
import type { Queues } from "./queues.ts";
import { SourceSecrets } from "./source-secrets.ts";

export interface ReceiverConfig {
  readonly environment: string;
  readonly names: Names;
  readonly settings: EnvironmentSettings;
  readonly sources: readonly EnabledSource[];
  readonly artifact: Artifact;
  readonly queues: Queues;
  readonly overflow: OverflowBucket;
}

/** Takes events in: from the API to the queue, or to the bucket. */
export class Receiver extends Construct {
  readonly function: LambdaFunction;
  readonly access: RoleAccess;
  readonly secrets: SourceSecrets;

  constructor(scope: Construct, id: string, config: ReceiverConfig) {
    super(scope, id);
    const { settings } = config;
    this.secrets = new SourceSecrets(this, "secrets", config.names, settings, config.sources);
    const {
      function: receiver,
      access,
      logs,
    } = new NodeFunction(
      this,
      "Default",
      {
        name: config.names.function("receiver"),
        description: "Takes Genesys events in and acknowledges them once they are stored",
        artifact: config.artifact,
        timeoutSeconds: settings.receiver.timeoutSeconds,
        memoryMegabytes: settings.receiver.memoryMegabytes,
        reservedConcurrency: settings.receiver.reservedConcurrency,
        variables: this.#variables(config, this.secrets),
        permissions: this.#permissions(config, this.secrets),
      },
      settings,
    );
    countLines(this, logs, config.names, "receiver");
    this.function = receiver;
    this.access = access;
  }

  #variables({ environment, settings, queues, overflow }: ReceiverConfig, secrets: SourceSecrets) {
    return variablesFor("receiver", settings, {
      environment,
      queueUrl: queues.main.url,
      deadLetterQueueUrl: queues.deadLetter.url,
      overflowBucket: overflow.bucket.bucket,
      sources: secrets.sources,
    });
  }

  #permissions({ queues, overflow }: ReceiverConfig, { parameters }: SourceSecrets): Statement[] {
    const readSecrets: Statement = {
      Sid: "ReadSecrets",
      Action: "ssm:GetParameter",
      Resource: parameters.map((parameter) => parameter.arn),
    };
    return [
      { Sid: "SendEvents", Action: "sqs:SendMessage", Resource: [queues.main.arn, queues.deadLetter.arn] },
      {
        Sid: "StoreEvents",
        Action: "s3:PutObject",
        Resource: [overflow.claimChecks, overflow.spilled],
      },
      ...(parameters.length > 0 ? [readSecrets] : []),
    ];
  }
}
