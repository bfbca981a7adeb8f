import { join } from "node:path";
import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { LocalCloud } from "../cloud/cloud.ts";
import type { InvocationResult } from "../lambda/invocation-result.ts";
import type { RunEvents } from "../run-events.ts";
import type { LocalStack, MappingModel } from "../stack/model.ts";
import { EventSourceMapping } from "./event-source-mapping.ts";
import { MappingSwitches } from "./mapping-switches.ts";

type PolledStack = Pick<LocalStack, "queues" | "mappings" | "functions">;

interface Poller {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
}

export interface MappingContext {
  readonly cloud: LocalCloud;
  /** Where the run keeps its data. */
  readonly folder: string;
  readonly invoke: (functionArn: string, event: unknown) => Promise<InvocationResult>;
  readonly runEvents: RunEvents;
}

export interface StartedMappings {
  readonly mappings: readonly EventSourceMapping[];
  /** As Lambda's API does: it stays so. Returns when that is on disk. */
  readonly switchMapping: (mapping: EventSourceMapping, enabled: boolean) => Promise<void>;
}

/** Every event source mapping of a stack; those that are enabled poll from now on. */
export async function startMappings(
  stack: PolledStack,
  { cloud, folder, invoke, runEvents }: MappingContext,
): Promise<StartedMappings> {
  const switches = await MappingSwitches.open(join(folder, "event-source-mappings.json"));
  const pollers = stack.mappings.map((model) => ({ model, ...pollerOf(model, stack, cloud) }));
  for (const poller of pollers) await checkVisibility(poller, stack);
  const mappings = pollers.map(({ model, sqs, queueUrl }) => {
    return new EventSourceMapping(model, {
      sqs,
      queueUrl,
      invoke: (event) => invoke(model.functionArn, event),
      onBatch: (batch) => runEvents.add({ kind: "batch", mapping: model.address, ...batch }),
      onError: (error) =>
        runEvents.add({ kind: "trouble", where: model.address, errorName: (error as Error).name }),
    });
  });
  for (const mapping of mappings) if (switches.isEnabled(mapping.model)) mapping.enable();
  return {
    mappings,
    async switchMapping(mapping, enabled) {
      const changed = enabled !== (mapping.state === "Enabled");
      await switches.set(mapping.model, enabled);
      if (enabled) mapping.enable();
      else void mapping.disable();
      if (changed) runEvents.add({ kind: "mapping", mapping: mapping.model.address, enabled });
    },
  };
}

/** Lambda polls with the function's role. */
function pollerOf({ queueArn, functionArn }: MappingModel, stack: PolledStack, cloud: LocalCloud): Poller {
  const queueUrl = stack.queues.find(({ arn }) => arn === queueArn)?.url ?? "";
  const target = stack.functions.find(({ arn }) => arn === functionArn);
  return { queueUrl, sqs: target ? cloud.sqsOf(target.name) : cloud.sqs };
}

/**
 * Lambda makes no mapping whose events come again while the function is still at them.
 *
 * @throws {Error} as `CreateEventSourceMapping` does
 */
async function checkVisibility(
  { model: { address, functionArn }, sqs, queueUrl }: Poller & { readonly model: MappingModel },
  { functions }: PolledStack,
): Promise<void> {
  const command = new GetQueueAttributesCommand({
    QueueUrl: queueUrl,
    AttributeNames: ["VisibilityTimeout"],
  });
  const { Attributes: found } = await sqs.send(command);
  const visibility = Number(found?.["VisibilityTimeout"]);
  const timeout = functions.find(({ arn }) => arn === functionArn)?.timeoutSeconds ?? 0;
  if (visibility >= timeout) return;
  throw new Error(
    `${address}: the queue's visibility timeout of ${visibility} s is shorter than the function's ${timeout} s.`,
  );
}
