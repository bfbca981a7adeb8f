import type { FunctionName } from "../contract/environment.ts";
import type { Metric, Metrics } from "./metrics.ts";

/** CloudWatch's grid: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const GRID_WIDTH = 24;
const ROW_HEIGHT = 6;
const PERIOD_SECONDS = 60;

interface Graph {
  readonly title: string;
  /** By what the legend calls them. */
  readonly lines: Readonly<Record<string, Metric>>;
  /** `ms`, `s` … on the left axis. */
  readonly unit?: string;
}

const functions: readonly FunctionName[] = ["receiver", "processor", "recovery"];

/** What an environment's people look at, from the left to the right as an event goes, from day to day to the bill. */
function rows(metrics: Metrics): readonly (readonly Graph[])[] {
  const own = metrics.own.bind(metrics);
  const queue = metrics.queue.bind(metrics);
  return [
    [
      {
        title: "Inflow, events",
        lines: {
          requests: metrics.api("Count", "Sum"),
          accepted: own("receiver", "accepted", "Sum"),
          rejected: own("receiver", "rejected", "Sum"),
          malformed: own("receiver", "malformed", "Sum"),
          "claim checks": own("receiver", "claimChecked", "Sum"),
          spilled: own("receiver", "spilled", "Sum"),
        },
      },
      {
        title: "Acknowledgement",
        unit: "ms",
        lines: {
          "stored, p50": own("receiver", "timeToDurable", "p50"),
          "stored, p99": own("receiver", "timeToDurable", "p99"),
          "answered, p99": metrics.api("IntegrationLatency", "p99"),
        },
      },
      {
        title: "Answers that acknowledge nothing",
        lines: { "4xx": metrics.api("4xx", "Sum"), "5xx": metrics.api("5xx", "Sum") },
      },
    ],
    [
      {
        title: "Backlog, events",
        lines: {
          waiting: queue("queue", "ApproximateNumberOfMessagesVisible", "Maximum"),
          "in flight": queue("queue", "ApproximateNumberOfMessagesNotVisible", "Maximum"),
          delayed: queue("queue", "ApproximateNumberOfMessagesDelayed", "Maximum"),
        },
      },
      {
        title: "Age of the oldest event that was never tried",
        unit: "s",
        lines: { age: queue("queue", "ApproximateAgeOfOldestMessage", "Maximum") },
      },
      {
        title: "Age of the oldest, since it was received",
        unit: "ms",
        lines: {
          "event that failed": own("processor", "oldestUndelivered", "Maximum"),
          "event delivered": own("processor", "oldestDelivered", "Maximum"),
          "event deferred or in the bucket": own("recovery", "oldestUndelivered", "Maximum"),
        },
      },
    ],
    [
      {
        title: "Deliveries, events",
        lines: {
          delivered: own("processor", "delivered", "Sum"),
          "again later": own("processor", "retried", "Sum"),
          deferred: own("processor", "deferred", "Sum"),
          duplicates: own("processor", "duplicates", "Sum"),
          unprotected: own("processor", "unprotected", "Sum"),
          "dead letters": own("processor", "deadLettered", "Sum"),
        },
      },
      {
        title: "Breaker or mapping (1 is stopped), and recovery",
        lines: {
          stopped: own("recovery", "breakerOpen", "Maximum"),
          "ended well": own("recovery", "endedWell", "Maximum"),
          "state table out of reach": own("recovery", "stateOutOfReach", "Maximum"),
          "failed steps": own("recovery", "failures", "Sum"),
        },
      },
      {
        title: "Refused senders, requests",
        lines: {
          "401": metrics.accessLog("unauthorized", "Sum"),
          "429": metrics.accessLog("throttled", "Sum"),
        },
      },
    ],
    [
      {
        title: "Dead letters",
        lines: {
          waiting: queue("deadLetterQueue", "ApproximateNumberOfMessagesVisible", "Maximum"),
          "being read": queue("deadLetterQueue", "ApproximateNumberOfMessagesNotVisible", "Maximum"),
          parked: own("recovery", "parkedDeadLetters", "Maximum"),
          "new beside old": own("recovery", "newDeadLetters", "Sum"),
        },
      },
      {
        title: "Age of the oldest dead letter, and of what is stored",
        unit: "ms",
        lines: {
          "on its queue": own("recovery", "oldestDeadLetter", "Maximum"),
          "in the bucket": own("recovery", "oldestStored", "Maximum"),
        },
      },
      {
        title: "In and out of the bucket, messages",
        lines: {
          parked: own("recovery", "parked", "Sum"),
          "brought back": own("recovery", "broughtBack", "Sum"),
          "spilled, back on the queue": own("recovery", "requeued", "Sum"),
          redriven: own("recovery", "redriven", "Sum"),
        },
      },
    ],
    [
      {
        title: "Cost: invocations",
        lines: each((name) => metrics.function(name, "Invocations", "Sum")),
      },
      {
        title: "Cost: time of functions",
        unit: "ms",
        lines: each((name) => metrics.function(name, "Duration", "Sum")),
      },
      {
        title: "Cost: messages, capacity units",
        lines: {
          "messages sent": queue("queue", "NumberOfMessagesSent", "Sum"),
          "table reads": metrics.table("ConsumedReadCapacityUnits", "Sum"),
          "table writes": metrics.table("ConsumedWriteCapacityUnits", "Sum"),
        },
      },
      {
        title: "Cost: bytes of logs",
        lines: each((name) => metrics.logs(name, "IncomingBytes", "Sum")),
      },
    ],
  ];
}

/** The body of a dashboard, as CloudWatch takes it. */
export function dashboardBody(metrics: Metrics, region: string, alarmArns: readonly string[]) {
  const alarms = {
    type: "alarm",
    x: 0,
    y: 0,
    width: GRID_WIDTH,
    height: 3,
    properties: { title: "Alarms", alarms: alarmArns },
  };
  const graphs = rows(metrics).flatMap((row, number) =>
    row.map((graph, place) => ({
      type: "metric",
      x: place * (GRID_WIDTH / row.length),
      y: alarms.height + number * ROW_HEIGHT,
      width: GRID_WIDTH / row.length,
      height: ROW_HEIGHT,
      properties: properties(graph, region),
    })),
  );
  return { widgets: [alarms, ...graphs] };
}

function properties({ title, lines, unit }: Graph, region: string) {
  const metrics = Object.entries(lines).map(([label, { namespace, metric, dimensions, stat }]) => [
    namespace,
    metric,
    ...Object.entries(dimensions).flat(),
    { label, stat },
  ]);
  const axis = unit === undefined ? { min: 0 } : { min: 0, label: unit, showUnits: false };
  return { title, region, view: "timeSeries", period: PERIOD_SECONDS, metrics, yAxis: { left: axis } };
}

function each(metric: (name: FunctionName) => Metric): Record<string, Metric> {
  return Object.fromEntries(functions.map((name) => [name, metric(name)]));
}
