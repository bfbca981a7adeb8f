import { ServiceError } from "../cloud/service-error.ts";
import type { EventSourceMapping } from "../poller/event-source-mapping.ts";

export interface MappingPorts {
  readonly mappings: readonly EventSourceMapping[];
  /** By name or ARN. */
  readonly functionArn: (nameOrArn: string) => string | undefined;
  /** Returns when the change is durable. */
  readonly switchMapping: (mapping: EventSourceMapping, enabled: boolean) => Promise<void>;
}

/** Lambda's calls that concern event source mappings; each throws {@link ServiceError}. */
export class MappingCalls {
  readonly #ports: MappingPorts;

  constructor(ports: MappingPorts) {
    this.#ports = ports;
  }

  list(query: URLSearchParams) {
    const queueArn = query.get("EventSourceArn");
    const name = query.get("FunctionName");
    const functionArn = name === null ? null : this.#ports.functionArn(name);
    const mappings = this.#ports.mappings
      .filter(({ model }) => queueArn === null || model.queueArn === queueArn)
      .filter(({ model }) => functionArn === null || model.functionArn === functionArn);
    return { EventSourceMappings: mappings.map(describe) };
  }

  get(uuid: string) {
    return describe(this.#find(uuid));
  }

  /** Enables or disables; what is still on its way from the last change is refused, as Lambda does. */
  async update(uuid: string, { Enabled: enabled, ...rest }: Readonly<Record<string, unknown>>) {
    const mapping = this.#find(uuid);
    const [other] = Object.keys(rest).filter((name) => name !== "UUID");
    if (other !== undefined || typeof enabled !== "boolean") {
      const what = other ?? "anything but Enabled";
      throw new ServiceError("InvalidParameterValueException", `The local run does not change ${what}.`);
    }
    if (mapping.state === "Disabling") {
      throw new ServiceError("ResourceInUseException", "The event source mapping is in use.");
    }
    await this.#ports.switchMapping(mapping, enabled);
    return describe(mapping);
  }

  #find(uuid: string): EventSourceMapping {
    const found = this.#ports.mappings.find(({ model }) => model.uuid === uuid);
    if (found) return found;
    throw new ServiceError("ResourceNotFoundException", "The resource you requested does not exist.", 404);
  }
}

function describe({ model, state }: EventSourceMapping) {
  const { maximumConcurrency } = model;
  return {
    UUID: model.uuid,
    EventSourceMappingArn: model.arn,
    EventSourceArn: model.queueArn,
    FunctionArn: model.functionArn,
    State: state,
    StateTransitionReason: "USER_INITIATED",
    BatchSize: model.batchSize,
    MaximumBatchingWindowInSeconds: model.batchWindowSeconds,
    FunctionResponseTypes: model.reportsBatchItemFailures ? ["ReportBatchItemFailures"] : [],
    ...(maximumConcurrency === undefined
      ? {}
      : { ScalingConfig: { MaximumConcurrency: maximumConcurrency } }),
  };
}
