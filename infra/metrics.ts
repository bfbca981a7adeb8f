import type { FunctionName } from "../contract/environment.ts";
import {
  API_SERVICE,
  accessLogMetrics,
  ENVIRONMENT_DIMENSION,
  METRIC_NAMESPACE,
  metrics,
} from "../contract/metrics.ts";

/** One statistic of one CloudWatch metric. */
export interface Metric {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum`, `Maximum`, `p99` … */
  readonly stat: Statistic;
}

type Statistic = "Sum" | "SampleCount" | "Maximum" | "Average" | "p50" | "p99";

/** The metrics of AWS's own that are looked at: a name that is not here does not compile. */
interface AwsMetrics {
  /** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
  readonly sqs:
    | "ApproximateNumberOfMessagesVisible"
    | "ApproximateNumberOfMessagesNotVisible"
    | "ApproximateNumberOfMessagesDelayed"
    | "ApproximateAgeOfOldestMessage"
    | "NumberOfMessagesSent";
  /** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
  readonly lambda: "Invocations" | "Errors" | "Throttles" | "Duration" | "ConcurrentExecutions";
  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html */
  readonly api: "Count" | "4xx" | "5xx" | "IntegrationLatency";
  /** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html */
  readonly table:
    | "ConsumedReadCapacityUnits"
    | "ConsumedWriteCapacityUnits"
    | "ReadThrottleEvents"
    | "WriteThrottleEvents";
  /** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html */
  readonly rule: "FailedInvocations" | "InvocationsSentToDlq" | "InvocationsFailedToBeSentToDlq";
  readonly logs: "IncomingBytes";
}

/** The resources whose metrics are looked at, by the names in their dimensions. */
export interface MetricResources {
  readonly environment: string;
  readonly queue: string;
  readonly deadLetterQueue: string;
  readonly functions: Readonly<Record<FunctionName, string>>;
  readonly apiId: string;
  readonly stateTable: string;
  /** The rule that puts EventBridge's events on the queue, where it is a source. */
  readonly rule?: { readonly bus: string; readonly name: string };
}

type OwnMetric<F extends FunctionName> = keyof (typeof metrics)[F];

/** Everything that alarms and dashboard look at comes from here. */
export class Metrics {
  readonly #resources: MetricResources;

  constructor(resources: MetricResources) {
    this.#resources = resources;
  }

  /** A metric that one of the functions emits, under the dimensions that all of them have. */
  own<F extends FunctionName>(name: F, metric: OwnMetric<F>, stat: Statistic): Metric {
    const dimensions = { [ENVIRONMENT_DIMENSION]: this.#resources.environment, service: name };
    return { namespace: METRIC_NAMESPACE, metric: String(metrics[name][metric]), dimensions, stat };
  }

  /** A metric that CloudWatch counts in the API's access log. */
  accessLog(metric: keyof typeof accessLogMetrics, stat: Statistic): Metric {
    const dimensions = { [ENVIRONMENT_DIMENSION]: this.#resources.environment, service: API_SERVICE };
    return { namespace: METRIC_NAMESPACE, metric: accessLogMetrics[metric], dimensions, stat };
  }

  queue(which: "queue" | "deadLetterQueue", metric: AwsMetrics["sqs"], stat: Statistic): Metric {
    return { namespace: "AWS/SQS", metric, dimensions: { QueueName: this.#resources[which] }, stat };
  }

  function(name: FunctionName, metric: AwsMetrics["lambda"], stat: Statistic): Metric {
    const dimensions = { FunctionName: this.#resources.functions[name] };
    return { namespace: "AWS/Lambda", metric, dimensions, stat };
  }

  api(metric: AwsMetrics["api"], stat: Statistic): Metric {
    const dimensions = { ApiId: this.#resources.apiId, Stage: "$default" };
    return { namespace: "AWS/ApiGateway", metric, dimensions, stat };
  }

  table(metric: AwsMetrics["table"], stat: Statistic): Metric {
    return { namespace: "AWS/DynamoDB", metric, dimensions: { TableName: this.#resources.stateTable }, stat };
  }

  /** @throws {Error} where EventBridge is no source */
  rule(metric: AwsMetrics["rule"], stat: Statistic): Metric {
    const { rule } = this.#resources;
    if (rule === undefined) throw new Error("This environment has no rule for events.");
    const dimensions = { EventBusName: rule.bus, RuleName: rule.name };
    return { namespace: "AWS/Events", metric, dimensions, stat };
  }

  logs(name: FunctionName, metric: AwsMetrics["logs"], stat: Statistic): Metric {
    const dimensions = { LogGroupName: `/aws/lambda/${this.#resources.functions[name]}` };
    return { namespace: "AWS/Logs", metric, dimensions, stat };
  }
}
