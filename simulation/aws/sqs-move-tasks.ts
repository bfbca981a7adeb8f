import type {
  ListMessageMoveTasksRequest,
  ListMessageMoveTasksResultEntry,
  StartMessageMoveTaskRequest,
} from "@aws-sdk/client-sqs";
import { defined } from "../../contract/defined.ts";
import type { VirtualClock } from "../clock.ts";
import { AwsError } from "./errors.ts";
import type { Queue } from "./queue.ts";
import { checkNumber, SQS_LIMITS } from "./sqs-limits.ts";
import type { QueueMessage } from "./sqs-message.ts";

/** Moved a second at most: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html */
const MOVED_A_SECOND = 500;
/** How long a message is hidden while it is moved. */
const MOVE_SECONDS = 60;

type Task = {
  -readonly [field in keyof ListMessageMoveTasksResultEntry]: ListMessageMoveTasksResultEntry[field];
};

/**
 * Moves everything from a dead-letter queue to another queue, or back to where each came from. What is moved is a
 * new message with all of its attributes: its id, its times and its receive count begin anew.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
 */
export class MoveTasks {
  readonly #queues: readonly Queue[];
  readonly #clock: VirtualClock;
  readonly #tasks: Task[] = [];

  constructor(queues: readonly Queue[], clock: VirtualClock) {
    this.#queues = queues;
    this.#clock = clock;
  }

  /** The most recent one first, one unless more are asked for. */
  list({ SourceArn, MaxResults = 1 }: ListMessageMoveTasksRequest): { Results: readonly Task[] } {
    const of = this.#tasks.filter((task) => task.SourceArn === SourceArn);
    return { Results: of.reverse().slice(0, MaxResults) };
  }

  /** @throws {AwsError} */
  start(input: StartMessageMoveTaskRequest): { TaskHandle: string } {
    const { SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: rate = MOVED_A_SECOND } = input;
    checkNumber("MaxNumberOfMessagesPerSecond", rate, 1, MOVED_A_SECOND);
    const source = this.#find(SourceArn);
    if (!this.#queues.some(({ settings }) => settings.redrive?.deadLetterArn === SourceArn))
      throw new AwsError("InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue.");
    if (DestinationArn !== undefined) this.#find(DestinationArn);
    if (this.#tasks.some((task) => task.SourceArn === SourceArn && task.Status === "RUNNING"))
      throw new AwsError("UnsupportedOperation", "There is already a task running.");
    const task: Task = {
      Status: "RUNNING",
      SourceArn,
      ...defined({ DestinationArn }),
      ApproximateNumberOfMessagesMoved: 0,
      StartedTimestamp: this.#clock.now,
    };
    this.#tasks.push(task);
    this.#clock.after(1_000, () => this.#move(task, source, rate));
    return { TaskHandle: `task-${this.#tasks.length}` };
  }

  /** What is moved in one second. */
  #move(task: Task, source: Queue, rate: number): void {
    for (let moved = 0; moved < rate; ) {
      const messages = source.receive(Math.min(SQS_LIMITS.batch, rate - moved), MOVE_SECONDS, "all");
      if (messages.length === 0) {
        task.Status = "COMPLETED";
        return;
      }
      for (const message of messages) {
        try {
          this.#targetOf(message, task).send(message.body, message.attributes, { delaySeconds: 0 });
        } catch (error) {
          task.Status = "FAILED";
          task.FailureReason = (error as AwsError).name;
          return; // those that were received become visible again
        }
        source.delete(message.handle);
        task.ApproximateNumberOfMessagesMoved = (task.ApproximateNumberOfMessagesMoved ?? 0) + 1;
      }
      moved += messages.length;
    }
    this.#clock.after(1_000, () => this.#move(task, source, rate));
  }

  /** What was sent to the dead-letter queue, and not moved there by SQS, has no queue to go back to. */
  #targetOf({ movedFrom }: QueueMessage, { DestinationArn = movedFrom }: Task): Queue {
    if (DestinationArn === undefined)
      throw new AwsError("CouldNotDetermineMessageSource", "The message has no source queue.");
    return this.#find(DestinationArn);
  }

  #find(arn: string | undefined): Queue {
    const found = this.#queues.find(({ settings }) => settings.arn === arn);
    if (found === undefined)
      throw new AwsError("ResourceNotFoundException", "The resource that you specified doesn't exist.", 404);
    return found;
  }
}
