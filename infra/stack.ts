import { TerraformElement, TerraformOutput, TerraformResource, TerraformStack, Token } from "cdktf";
import type { Construct, Node } from "constructs";
import { defined } from "../contract/defined.ts";
import {
  DESTINATION_SECRET,
  DESTINATION_SIGNING,
  type StackOutputs,
  toTerraformOutputs,
} from "../contract/outputs.ts";
import { SSM_OWN_KEY } from "../contract/secret.ts";
import type { Artifacts } from "./build.ts";
import { Alarms } from "./constructs/alarms.ts";
import { Dashboard } from "./constructs/dashboard.ts";
import { EventBridgeSource } from "./constructs/event-bridge-source.ts";
import { keepOnly } from "./constructs/exclusive-policies.ts";
import { HttpApi } from "./constructs/http-api.ts";
import { OverflowBucket } from "./constructs/overflow-bucket.ts";
import { Processor } from "./constructs/processor.ts";
import { Queues } from "./constructs/queues.ts";
import { Receiver } from "./constructs/receiver.ts";
import { Recovery } from "./constructs/recovery.ts";
import { StateTable } from "./constructs/state-table.ts";
import { configureTerraform, TERRAFORM_VERSIONS } from "./constructs/terraform.ts";
import { mendHcl } from "./hcl.ts";
import { orderKeyChange } from "./key-order.ts";
import { Metrics } from "./metrics.ts";
import { namesFor } from "./names.ts";
import type { EnvironmentSettings } from "./settings.ts";
import { enabledSources } from "./sources.ts";

/** Everything of one environment: an API, a receiver, a queue, a processor, and where events go that fail. */
export class EventPipelineStack extends TerraformStack {
  readonly #addresses = new Map<string, string>();

  constructor(scope: Construct, environment: string, settings: EnvironmentSettings, artifacts: Artifacts) {
    super(scope, environment);
    const names = namesFor(settings.namePrefix, environment);
    const sources = enabledSources(settings);
    const common = { environment, names, settings };
    configureTerraform(this, environment, settings);

    const { eventbridge } = settings.sources;
    const bridge = eventbridge && new EventBridgeSource(this, "eventbridge", names, eventbridge);
    const queues = new Queues(this, "queues", names, settings, bridge && ((arn) => [bridge.sendTo(arn)]));
    bridge?.deliverTo(queues);
    const overflow = new OverflowBucket(this, "overflow", names, settings);
    const state = new StateTable(this, "state", names, settings);
    const receiver = new Receiver(this, "receiver", {
      ...common,
      sources,
      artifact: artifacts.receiver,
      queues,
      overflow,
    });
    const api = new HttpApi(this, "api", common, sources, receiver.function);
    const processor = new Processor(this, "processor", {
      ...common,
      artifact: artifacts.processor,
      queues,
      overflow,
      state,
    });
    const alarms = new Alarms(this, "alarms", common);
    const recovery = new Recovery(this, "recovery", {
      ...common,
      artifact: artifacts.recovery,
      queues,
      overflow,
      state,
      processor,
      alarmTopic: alarms.topic,
    });
    orderKeyChange({
      policies: [receiver.access.keys, processor.access.keys, recovery.access.keys],
      queues: [queues.main, queues.deadLetter],
      secrets: [...receiver.secrets.parameters, ...processor.secrets],
      table: state.table,
      bucket: overflow.encryption,
      exclusive: [
        ...keepOnly(receiver, receiver.access.role, receiver.access.policies),
        ...keepOnly(processor, processor.access.role, [...processor.access.policies, recovery.callPolicy]),
        ...keepOnly(recovery, recovery.access.role, recovery.access.policies),
      ],
    });
    const metrics = new Metrics({
      environment,
      queue: queues.main.name,
      deadLetterQueue: queues.deadLetter.name,
      functions: {
        receiver: receiver.function.functionName,
        processor: processor.function.functionName,
        recovery: recovery.function.functionName,
      },
      apiId: api.apiId,
      stateTable: state.table.name,
      ...defined({ rule: bridge?.ruleNames }),
    });
    const alarmArns = alarms.watch(metrics, recovery.schedule);
    new Dashboard(this, "dashboard", names, settings, metrics, alarmArns);

    this.#writeOutputs({
      environment,
      region: settings.region,
      namePrefix: names.base,
      queueUrl: queues.main.url,
      deadLetterQueueUrl: queues.deadLetter.url,
      overflowBucket: overflow.bucket.bucket,
      receiverFunction: receiver.function.functionName,
      processorFunction: processor.function.functionName,
      recoveryFunction: recovery.function.functionName,
      stateTable: state.table.name,
      eventSourceMapping: processor.mapping.uuid,
      secretsKey: settings.encryptionKeyArn ?? SSM_OWN_KEY,
      ...defined({
        alarmTopic: alarms.topic.arn,
        eventBus: bridge?.bus.name,
        domainTarget: api.domain?.target,
        domainHostedZone: api.domain?.hostedZoneId,
      }),
      urls: api.urls,
      secretParameters: {
        ...receiver.secrets.parameterNames,
        ...defined({
          [DESTINATION_SECRET]: processor.destinationSecret?.name,
          [DESTINATION_SIGNING]: processor.destinationSigning?.name,
        }),
      },
    });
  }

  /**
   * Addresses that a reviewer can read: `aws_sqs_queue.queues_main`, with no hash behind it. An address is as
   * stable as the construct ids in it: changing the id of what holds data destroys the data.
   *
   * @throws {Error} when two elements would get one address, which Terraform takes in silence
   */
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const node = element instanceof TerraformElement ? element.node : element;
    const ids = node.path.split("/").slice(1);
    const address = ids.filter((id) => id !== "Default").join("_");
    const key = `${element instanceof TerraformResource ? element.terraformResourceType : ""}.${address}`;
    const owner = this.#addresses.get(key) ?? node.path;
    if (owner !== node.path) throw new Error(`${owner} and ${node.path} have one address: ${address}`);
    this.#addresses.set(key, owner);
    return address;
  }

  /** With Terraform's own version, for which cdktf has no property; an override ends as nonsense in HCL. */
  override toTerraform() {
    const json = super.toTerraform();
    return { ...json, terraform: { ...json.terraform, required_version: TERRAFORM_VERSIONS } };
  }

  override toHclTerraform() {
    const { hcl, metadata } = super.toHclTerraform();
    return { hcl: mendHcl(hcl, TERRAFORM_VERSIONS), metadata };
  }

  #writeOutputs(outputs: StackOutputs): void {
    for (const [name, value] of Object.entries(toTerraformOutputs(outputs))) {
      // As a token: an object as it is, cdktf looks into with util.isArray, which Node 23 has no more.
      new TerraformOutput(this, name, { value: typeof value === "string" ? value : Token.asAny(value) });
    }
  }
}
