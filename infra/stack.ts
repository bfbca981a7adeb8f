import { TerraformElement, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { FunctionName } from "../contract/environment.ts";
import type { Artifact } from "./artifact.ts";
import { DeadLetterAlarm } from "./constructs/dead-letter-alarm.ts";
import { HttpApi } from "./constructs/http-api.ts";
import { OverflowBucket } from "./constructs/overflow-bucket.ts";
import { Processor } from "./constructs/processor.ts";
import { Queues } from "./constructs/queues.ts";
import { Receiver } from "./constructs/receiver.ts";
import { configureTerraform } from "./constructs/terraform.ts";
import { namesFor } from "./names.ts";
import type { EnvironmentSettings } from "./settings.ts";
import { enabledSources } from "./sources.ts";

export type Artifacts = Readonly<Record<FunctionName, Artifact>>;

/** Everything of one environment: an API, a receiver, a queue, a processor, and where events go that fail. */
export class EventPipelineStack extends TerraformStack {
  constructor(scope: Construct, environment: string, settings: EnvironmentSettings, artifacts: Artifacts) {
    super(scope, environment);
    const names = namesFor(settings.namePrefix, environment);
    const sources = enabledSources(settings);
    const common = { environment, names, settings };
    configureTerraform(this, environment, settings);

    const queues = new Queues(this, "queues", names, settings);
    const overflow = new OverflowBucket(this, "overflow", names, settings);
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
    });
    new DeadLetterAlarm(this, "dead_letter_alarm", names, settings, queues.deadLetter);

    for (const [source, url] of api.urls) this.output(`${source.replaceAll("-", "_")}_url`, url);
    this.output("queue_url", queues.main.url);
    this.output("dead_letter_queue_url", queues.deadLetter.url);
    this.output("overflow_bucket", overflow.bucket.bucket);
    this.output("receiver_function", receiver.function.functionName);
    this.output("processor_function", processor.function.functionName);
  }

  /**
   * Addresses that a reviewer can read, `aws_sqs_queue.queues_main` rather than
   * `aws_sqs_queue.queues_main_9A1B2C3D`. An address is as stable as the construct ids in it: changing the id of what
   * holds data destroys the data.
   */
  protected override allocateLogicalId(element: TerraformElement | import("constructs").Node): string {
    const node = element instanceof TerraformElement ? element.node : element;
    return node.path
      .split("/")
      .slice(1)
      .filter((id) => id !== "Default")
      .join("_");
  }

  private output(name: string, value: string): void {
    new TerraformOutput(this, name, { value });
  }
}
