import { join } from "node:path";
import type { LocalCloud } from "../cloud/cloud.ts";
import type { Happenings } from "../happenings.ts";
import type { InvocationAnswer } from "../lambda/answer.ts";
import type { LocalStack } from "../stack/model.ts";
import { EventSourceMapping } from "./event-source-mapping.ts";
import { MappingSwitches } from "./mapping-switches.ts";

export interface MappingPlace {
  readonly cloud: LocalCloud;
  /** Where the run keeps its data. */
  readonly folder: string;
  readonly invoke: (functionArn: string, event: unknown) => Promise<InvocationAnswer>;
  readonly happenings: Happenings;
}

export interface StartedMappings {
  readonly mappings: readonly EventSourceMapping[];
  /** As Lambda's API does: it stays so. Returns when that is on disk. */
  readonly switchMapping: (mapping: EventSourceMapping, enabled: boolean) => Promise<void>;
}

/** Every event source mapping of a stack; those that are enabled poll from now on. */
export async function startMappings(
  stack: Pick<LocalStack, "queues" | "mappings">,
  { cloud, folder, invoke, happenings }: MappingPlace,
): Promise<StartedMappings> {
  const switches = await MappingSwitches.open(join(folder, "event-source-mappings.json"));
  const mappings = stack.mappings.map((model) => {
    const queueUrl = stack.queues.find(({ arn }) => arn === model.queueArn)?.url ?? "";
    return new EventSourceMapping(model, {
      sqs: cloud.sqs,
      queueUrl,
      invoke: (event) => invoke(model.functionArn, event),
      onBatch: (batch) => happenings.add({ kind: "batch", mapping: model.address, ...batch }),
      onError: (error) =>
        happenings.add({ kind: "trouble", where: model.address, errorName: (error as Error).name }),
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
      if (changed) happenings.add({ kind: "mapping", mapping: mapping.model.address, enabled });
    },
  };
}
