import { CloudwatchEventBus } from "@cdktf/provider-aws/lib/cloudwatch-event-bus/index.js";
import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target/index.js";
import { Construct } from "constructs";
import { defined } from "../../contract/defined.ts";
import { jsonDocument } from "../json.ts";
import type { Names } from "../names.ts";
import type { Statement } from "../policy.ts";
import type { EventBridgeSettings } from "../settings.ts";
import type { Queues } from "./queues.ts";

/** What every event of Genesys' says it comes from; the bus takes those of one organisation only. */
const SOURCE_PREFIX = "aws.partner/genesys.com/";
/** EventBridge's own maximum: what it cannot deliver for so long goes to the dead-letter queue. */
const RETRY_SECONDS = 86_400;
const RETRIES = 185;

/**
 * Events by way of Genesys' partner event source: its bus, and a rule that puts them on the queue whole, where
 * the processor reads them as they are.
 *
 * The source has to be there first: Genesys makes it when its EventBridge integration is set up, and the bus
 * takes it over. Until then nothing is delivered; Genesys keeps events for up to four days.
 *
 * What EventBridge cannot put on the queue goes to the pipeline's own dead-letter queue, under the same alarm.
 * It carries no reason class there, so recovery brings it back by itself like all that was never attempted.
 */
export class EventBridgeSource extends Construct {
  readonly bus: CloudwatchEventBus;
  readonly #rule: CloudwatchEventRule;

  constructor(scope: Construct, id: string, names: Names, settings: EventBridgeSettings) {
    super(scope, id);
    this.bus = new CloudwatchEventBus(this, "bus", {
      name: settings.partnerEventSource, // EventBridge wants the two to be the same
      eventSourceName: settings.partnerEventSource,
    });
    this.#rule = new CloudwatchEventRule(this, "rule", {
      name: names.eventRule,
      description: "Puts Genesys' events on the queue",
      state: "ENABLED", // written out: what is not, Terraform leaves as somebody has left it
      eventBusName: this.bus.name,
      eventPattern: jsonDocument(toPattern(settings)),
    });
  }

  /** Under which CloudWatch keeps the rule's metrics. */
  get ruleNames() {
    return { bus: this.bus.name, name: this.#rule.name };
  }

  /** Lets the rule, and nothing else of EventBridge, send to a queue. */
  sendTo(queueArn: string): Statement {
    return {
      Sid: "EventBridge",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: queueArn,
      Condition: { ArnEquals: { "aws:SourceArn": this.#rule.arn } },
    };
  }

  /** Lets events flow, now that the queues let the rule send. */
  deliverTo(queues: Queues): void {
    new CloudwatchEventTarget(this, "target", {
      rule: this.#rule.name,
      eventBusName: this.bus.name,
      arn: queues.main.arn,
      deadLetterConfig: { arn: queues.deadLetter.arn },
      retryPolicy: { maximumEventAgeInSeconds: RETRY_SECONDS, maximumRetryAttempts: RETRIES },
      dependsOn: [...queues.policies],
    });
  }
}

/** A detail type that ends in `*` stands for all that begin so. */
function toPattern({ detailTypes }: EventBridgeSettings) {
  const types = detailTypes?.map((type) => (type.endsWith("*") ? { prefix: type.slice(0, -1) } : type));
  return {
    source: [{ prefix: SOURCE_PREFIX }],
    ...defined({ "detail-type": types }),
  };
}
