import { GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { queueNameOf } from "../../../cli/aws/queue-url.ts";
import type { Environment } from "../../../cli/environment/environment.ts";
import { defined } from "../../../contract/defined.ts";
import { ENVIRONMENT_DIMENSION, METRIC_NAMESPACE, metrics } from "../../../contract/metrics.ts";
import type { StackOutputs } from "../../../contract/outputs.ts";
import type { MetricSeries, SeriesName } from "../../api.ts";

interface Part {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly stat: "Sum" | "Maximum";
  /** What a value is multiplied by. @default 1 */
  readonly factor?: number;
}

/** How the parts of a series become one, period by period. */
interface Series {
  readonly parts: readonly Part[];
  readonly join: (values: readonly number[]) => number;
}

/** CloudWatch keeps a minute; the local run ten seconds, so that a graph moves while somebody looks. */
const PERIOD_SECONDS = { deployed: 60, local: 10 } as const;
/** Functions' metrics reach CloudWatch after a minute or two: the last periods say too little of a rate. */
const LATE_PERIODS = { deployed: 2, local: 1 } as const;
const RATE_SECONDS = { deployed: 300, local: 60 } as const;

/**
 * What came in, went out and waited, period by period.
 *
 * @throws what CloudWatch throws
 */
export async function readMetrics(
  { kind, clients, outputs }: Environment,
  minutes: number,
  now = Date.now(),
): Promise<MetricSeries> {
  const periodSeconds = PERIOD_SECONDS[kind];
  const end = (Math.floor(now / 1_000 / periodSeconds) + 1) * periodSeconds;
  const start = end - minutes * 60;
  const times = Array.from({ length: (end - start) / periodSeconds }, (_, at) => start + at * periodSeconds);
  const wanted = Object.entries(seriesOf(outputs)) as [SeriesName, Series][];
  const range = { start, end, periodSeconds };
  const series = Object.fromEntries(
    await Promise.all(
      wanted.map(async ([name, { parts, join }]) => {
        const found = await Promise.all(parts.map((part) => readPart(clients, part, range)));
        const joined = times.map((time) => {
          const values = found.flatMap((part) => part.get(time) ?? []);
          return values.length === 0 ? null : join(values);
        });
        return [name, joined] as const;
      }),
    ),
  ) as Record<SeriesName, (number | null)[]>;
  const rate = (name: SeriesName) =>
    ratePerMinute(series[name], periodSeconds, RATE_SECONDS[kind], LATE_PERIODS[kind]);
  return {
    periodSeconds,
    times,
    series,
    ...defined({ inPerMinute: rate("accepted"), outPerMinute: rate("delivered") }),
  };
}

function seriesOf({ environment, queueUrl }: StackOutputs): Readonly<Record<SeriesName, Series>> {
  const own = (service: string, metric: string, stat: Part["stat"], factor = 1): Part => ({
    namespace: METRIC_NAMESPACE,
    metric,
    dimensions: { [ENVIRONMENT_DIMENSION]: environment, service },
    stat,
    factor,
  });
  const queue = (metric: string): Part => ({
    namespace: "AWS/SQS",
    metric,
    dimensions: { QueueName: queueNameOf(queueUrl) },
    stat: "Maximum",
  });
  const one = (part: Part): Series => ({ parts: [part], join: ([value = 0]) => value });
  const { receiver, processor, recovery } = metrics;
  return {
    accepted: one(own("receiver", receiver.accepted, "Sum")),
    delivered: one(own("processor", processor.delivered, "Sum")),
    retried: one(own("processor", processor.retried, "Sum")),
    deadLettered: one(own("processor", processor.deadLettered, "Sum")),
    backlog: {
      parts: ["Visible", "NotVisible", "Delayed"].map((which) =>
        queue(`ApproximateNumberOfMessages${which}`),
      ),
      join: (values) => values.reduce((sum, value) => sum + value, 0),
    },
    // SQS's own leaves out what was received three times; the functions' leave out what was never tried.
    oldestSeconds: {
      parts: [
        queue("ApproximateAgeOfOldestMessage"),
        own("processor", processor.oldestUndelivered, "Maximum", 1 / 1_000),
        own("recovery", recovery.oldestUndelivered, "Maximum", 1 / 1_000),
      ],
      join: (values) => Math.max(...values),
    },
  };
}

/** By seconds since 1970. `GetMetricStatistics`, since the doctor may call it already. */
async function readPart(
  clients: Environment["clients"],
  { namespace, metric, dimensions, stat, factor = 1 }: Part,
  { start, end, periodSeconds }: { start: number; end: number; periodSeconds: number },
): Promise<Map<number, number>> {
  const cloudwatch = await clients.cloudwatch();
  const { Datapoints: points = [] } = await cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: namespace,
      MetricName: metric,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      StartTime: new Date(start * 1_000),
      EndTime: new Date(end * 1_000),
      Period: periodSeconds,
      Statistics: [stat],
    }),
  );
  return new Map(
    points.map((point) => [Number(point.Timestamp) / 1_000, (point[stat] ?? 0) * factor] as const),
  );
}

function ratePerMinute(
  values: readonly (number | null)[],
  periodSeconds: number,
  overSeconds: number,
  late: number,
): number | undefined {
  const last = values.slice(0, -late).slice(-overSeconds / periodSeconds);
  if (last.every((value) => value === null)) return undefined;
  return (last.reduce<number>((sum, value) => sum + (value ?? 0), 0) / (last.length * periodSeconds)) * 60;
}
