import { TerraformElement, TerraformOutput, TerraformResource, TerraformStack } from "cdktf";
import type { Construct, Node } from "constructs";
import type { Artifacts } from "./build.ts";
import { DeadLetterAlarm } from "./constructs/dead-letter-alarm.ts";
import { EventBridgeSource } from "./constructs/event-bridge-source.ts";
import { HttpApi } from "./constructs/http-api.ts";
import { OverflowBucket } from "./constructs/overflow-bucket.ts";
import { Processor } from "./constructs/processor.ts";
import { Queues } from "./constructs/queues.ts";
import { Receiver } from "./constructs/receiver.ts";
import { Recovery } from "./constructs/recovery.ts";
import { StateTable } from "./constructs/state-table.ts";
import { configureTerraform, TERRAFORM_VERSIONS } from "./constructs/terraform.ts";
import { mendHcl } from "./hcl.ts";
import { namesFor } from "./names.ts";
import type { EnvironmentSettings } from "./settings.ts";
import { enabledSources } from "./sources.ts";

/** Everything of one environment: an API, a receiver, a queue, a processor, and where events go that fail. */
export class EventPipelineStack extends TerraformStack {
  private readonly addresses = new Map<string, string>();

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
    const api = new HttpApi(this, "api", names, settings, sources, receiver.function);
    const processor = new Processor(this, "processor", {
      ...common,
      artifact: artifacts.processor,
      queues,
      overflow,
      state,
    });
    const recovery = new Recovery(this, "recovery", {
      ...common,
      artifact: artifacts.recovery,
      queues,
      overflow,
      state,
      processor,
    });
    new DeadLetterAlarm(this, "dead_letter_alarm", names, settings, queues.deadLetter);

    for (const [source, url] of api.urls) this.output(`${source.replaceAll("-", "_")}_url`, url);
    if (api.domain) {
      this.output("domain_target", api.domain.target);
      this.output("domain_hosted_zone_id", api.domain.hostedZoneId);
    }
    if (bridge) this.output("event_bus", bridge.bus.name);
    this.output("queue_url", queues.main.url);
    this.output("dead_letter_queue_url", queues.deadLetter.url);
    this.output("overflow_bucket", overflow.bucket.bucket);
    this.output("receiver_function", receiver.function.functionName);
    this.output("processor_function", processor.function.functionName);
    this.output("recovery_function", recovery.function.functionName);
    this.output("state_table", state.table.name);
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
    const owner = this.addresses.get(key) ?? node.path;
    if (owner !== node.path) throw new Error(`${owner} and ${node.path} have one address: ${address}`);
    this.addresses.set(key, owner);
    return address;
  }

  /** With Terraform's own version, for which cdktf has no property; an override ends as nonsense in HCL. */
  public override toTerraform() {
    const json = super.toTerraform();
    return { ...json, terraform: { ...json.terraform, required_version: TERRAFORM_VERSIONS } };
  }

  public override toHclTerraform() {
    const { hcl, metadata } = super.toHclTerraform();
    return { hcl: mendHcl(hcl, TERRAFORM_VERSIONS), metadata };
  }

  private output(name: string, value: string): void {
    new TerraformOutput(this, name, { value });
  }
}
