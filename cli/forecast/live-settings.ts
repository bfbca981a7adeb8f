import { GetEventSourceMappingCommand, GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { type FunctionName, variableOf } from "../../contract/environment.ts";
import { type ForecastPath, type ForecastSettings, withSettings } from "../../contract/forecast/settings.ts";
import type { Environment } from "../environment/environment.ts";

/** What AWS is not asked for: these are the defaults. */
export const NOT_READ: readonly ForecastPath[] = ["throttling.ratePerSecond", "overflow.expirationDays"];

/** The settings under which an environment really runs, as AWS tells them. */
export async function liveSettings(environment: Environment): Promise<ForecastSettings> {
  const { clients, outputs } = environment;
  const lambda = await clients.lambda();
  const [receiver, processor, recovery, mapping, queue, deadLetters] = await Promise.all([
    functionOf(environment, outputs.receiverFunction),
    functionOf(environment, outputs.processorFunction),
    functionOf(environment, outputs.recoveryFunction),
    lambda.send(new GetEventSourceMappingCommand({ UUID: outputs.eventSourceMapping })),
    retentionOf(environment, outputs.queueUrl),
    retentionOf(environment, outputs.deadLetterQueueUrl),
  ]);
  const told = <T>(name: FunctionName, key: string, { variables }: typeof processor): T | undefined => {
    const text = variables[variableOf(name, key as never)];
    return text === undefined ? undefined : (JSON.parse(text) as T);
  };
  const breaker = told<Record<string, number>>("processor", "breaker", processor);
  const milliseconds = told<Record<string, number>>("processor", "destination", processor)?.[
    "timeoutMilliseconds"
  ];
  const maximumConcurrency = mapping.ScalingConfig?.MaximumConcurrency;
  const pause = told<number>("processor", "pauseMilliseconds", processor) ?? 0;
  return withSettings({
    "receiver.memoryMegabytes": receiver.memory,
    "queue.retentionSeconds": queue,
    "deadLetterQueue.retentionSeconds": deadLetters,
    "processor.timeoutSeconds": processor.timeout,
    "processor.memoryMegabytes": processor.memory,
    "processor.batchSize": mapping.BatchSize,
    "processor.batchWindowSeconds": mapping.MaximumBatchingWindowInSeconds,
    "processor.maximumConcurrency": maximumConcurrency,
    "processor.batchConcurrency": told<number>("processor", "batchConcurrency", processor),
    ...(pause > 0 && maximumConcurrency !== undefined
      ? { "processor.deliveriesPerSecond": (maximumConcurrency * 1_000) / pause }
      : {}),
    "backOff.capSeconds": told<Record<string, number>>("processor", "backOff", processor)?.["capSeconds"],
    "destination.timeoutSeconds": milliseconds === undefined ? undefined : milliseconds / 1_000,
    "idempotency.windowSeconds": told<number>("processor", "idempotencySeconds", processor),
    "breaker.failingEvents": breaker?.["failingEvents"],
    "breaker.probeBaseSeconds": breaker?.["probeBaseSeconds"],
    "breaker.probeCapSeconds": breaker?.["probeCapSeconds"],
    "alarms.oldestEventSeconds": told<number>("recovery", "oldestEventSeconds", recovery),
  });
}

async function functionOf({ clients }: Environment, FunctionName: string) {
  const lambda = await clients.lambda();
  const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  return { timeout: found.Timeout, memory: found.MemorySize, variables: found.Environment?.Variables ?? {} };
}

async function retentionOf({ clients }: Environment, QueueUrl: string): Promise<number | undefined> {
  const sqs = await clients.sqs();
  const { Attributes: attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["MessageRetentionPeriod"] }),
  );
  const seconds = Number(attributes?.["MessageRetentionPeriod"]);
  return seconds > 0 ? seconds : undefined;
}
