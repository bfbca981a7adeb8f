import {
  CancelMessageMoveTaskCommand,
  ListMessageMoveTasksCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
  type ListMessageMoveTasksResultEntry as Task,
} from "@aws-sdk/client-sqs";
import { CommandError } from "../../contract/command-error.ts";
import type { Context } from "../context.ts";
import { counted } from "../counted.ts";
import { pause } from "../pause.ts";
import { readArn, readDepth } from "./depth.ts";

/** SQS's own limit of a task's speed. */
export const MOST_PER_SECOND = 500;
/** SQS counts what it has moved every few seconds. */
const LOOK_EVERY_MILLISECONDS = 1_000;

export interface Moved {
  readonly moved: number;
  readonly status: "COMPLETED" | "CANCELLED";
}

/**
 * Has SQS itself move the whole dead-letter queue to the main queue, and follows it; Ctrl-C cancels the rest.
 * The destination has to be named: SQS remembers an origin only of messages that it moved itself, and most dead
 * letters were sent by a function. The attributes go along as they are, so that a moved event's redrives are not
 * counted, and its attempts are.
 *
 * @throws {CommandError} where another task is at it, or SQS gave up
 */
export async function moveAll(context: Context, rate: number): Promise<Moved> {
  const { clients, outputs } = await context.environment();
  const sqs = await clients.sqs();
  const [{ arn: SourceArn, visible }, DestinationArn] = await Promise.all([
    readDepth(sqs, outputs.deadLetterQueueUrl),
    readArn(sqs, outputs.queueUrl),
  ]);
  await refuseASecond(sqs, SourceArn);
  const { TaskHandle } = await sqs.send(
    new StartMessageMoveTaskCommand({ SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: rate }),
  );
  const progress = context.output.progress("redriven", visible);
  let cancelled = false;
  try {
    for (;;) {
      if (context.signal.aborted && !cancelled) {
        cancelled = true;
        await sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle })).catch(overAlready);
      }
      const task = await latest(sqs, SourceArn);
      const { Status: status, ApproximateNumberOfMessagesMoved: moved = 0 } = task;
      progress.update(moved, task.ApproximateNumberOfMessagesToMove ?? visible);
      if (status === "COMPLETED" || status === "CANCELLED") return { moved, status };
      if (status === "FAILED") throw gaveUp(task);
      await pause(LOOK_EVERY_MILLISECONDS, cancelled ? undefined : context.signal);
    }
  } finally {
    progress.stop();
  }
}

async function refuseASecond(sqs: SQSClient, arn: string): Promise<void> {
  const task = await latest(sqs, arn);
  if (task.Status !== "RUNNING" && task.Status !== "CANCELLING") return;
  throw new CommandError(
    `SQS is moving this queue already: ${counted(task.ApproximateNumberOfMessagesMoved ?? 0, "has", "have")} been moved.`,
    "Wait for it; or choose by a filter, which needs no move task.",
  );
}

async function latest(sqs: SQSClient, arn: string): Promise<Task> {
  const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: arn, MaxResults: 1 }));
  return Results?.[0] ?? {};
}

function gaveUp({
  FailureReason: why = "it does not say why",
  ApproximateNumberOfMessagesMoved: moved,
}: Task) {
  return new CommandError(
    `SQS gave up moving after ${counted(moved ?? 0, "message")}: ${why}`,
    "The others are where they were: run it again, or choose by a filter, which needs no move task.",
  );
}

/** The task came to its end as it was to be cancelled. */
function overAlready(error: unknown): void {
  const name = (error as Error)?.name ?? "";
  if (!/ResourceNotFound|UnsupportedOperation/.test(name)) throw error;
}
