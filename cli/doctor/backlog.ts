import { GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { type Depth, goneIn } from "../../contract/forecast/trend.ts";
import { listParked } from "../../contract/parked-objects.ts";
import { queueNameOf } from "../aws/queue-url.ts";
import type { BreakerStatus } from "../breaker/status.ts";
import type { Environment } from "../environment/environment.ts";
import { duration } from "./words.ts";

/** Fewer come and go by chance. */
const LEAST_MESSAGES = 100;
const LOOK_BACK_SECONDS = 600;

/**
 * `at the present rate the backlog is gone in 47 min`. Nothing where that cannot be known: while deliveries are stopped,
 * while parked events come back, which the queue's depth does not show, and where AWS may not be asked.
 */
export async function howItDrains(
  environment: Environment,
  waiting: number,
  breaker: BreakerStatus | undefined,
  now: number,
): Promise<string | undefined> {
  if (waiting < LEAST_MESSAGES || breaker?.status !== "closed" || breaker.mapping !== "Enabled")
    return undefined;
  try {
    if (await hasParked(environment)) return undefined;
    const gone = goneIn(await depthsOf(environment, now), now);
    if (gone === undefined) return undefined;
    return gone === "grows"
      ? "at the present rate the backlog grows"
      : `at the present rate the backlog is gone in ${duration(gone)}`;
  } catch {
    return undefined; // what may not be asked, the checks of the alarms and of the bucket say
  }
}

async function hasParked({ clients, outputs }: Environment): Promise<boolean> {
  const objects = await listParked(await clients.s3(), outputs.overflowBucket);
  return objects.some(({ kind }) => kind !== "dead-letters");
}

async function depthsOf({ clients, outputs }: Environment, now: number): Promise<Depth[]> {
  const cloudwatch = await clients.cloudwatch();
  const { Datapoints: points = [] } = await cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: "AWS/SQS",
      MetricName: "ApproximateNumberOfMessagesVisible",
      Dimensions: [{ Name: "QueueName", Value: queueNameOf(outputs.queueUrl) }],
      StartTime: new Date(now - LOOK_BACK_SECONDS * 1_000),
      EndTime: new Date(now),
      Period: 60,
      Statistics: ["Maximum"],
    }),
  );
  return points.flatMap(({ Timestamp: at, Maximum: depth }) =>
    at === undefined || depth === undefined ? [] : [{ at: at.getTime(), waiting: depth }],
  );
}
