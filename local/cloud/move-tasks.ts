import { randomUUID } from "node:crypto";
import { GetQueueAttributesCommand, ListQueuesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { defined } from "../../contract/defined.ts";
import { moveMessages } from "./move-messages.ts";
import { ServiceError } from "./service-error.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html */
const MOST_PER_SECOND = 500;
const MOST_LISTED = 10;
const STEPS_PER_SECOND = 10;

interface Task {
  readonly handle: string;
  readonly source: string;
  readonly destination: string | undefined;
  readonly perSecond: number;
  readonly startedAt: number;
  readonly toMove: number;
  status: "RUNNING" | "COMPLETED" | "CANCELLING" | "CANCELLED" | "FAILED";
  moved: number;
  failure?: string;
}

type Input = Readonly<Record<string, unknown>>;

/** SQS's message move tasks, which the emulator does not know: one at a time for a queue, and send before delete. */
export class MoveTasks {
  readonly #sqs: SQSClient;
  readonly #urlOf: (arn: string) => string;
  readonly #tasks: Task[] = [];
  readonly #running = new Set<Promise<void>>();
  #stopped = false;

  constructor(sqs: SQSClient, urlOf: (arn: string) => string) {
    this.#sqs = sqs;
    this.#urlOf = urlOf;
  }

  /** What the calls of this API are answered; nothing for another call. */
  answer(action: string, input: Input): Promise<unknown> | undefined {
    switch (action) {
      case "StartMessageMoveTask":
        return this.#start(input);
      case "ListMessageMoveTasks":
        return Promise.resolve(this.#list(input));
      case "CancelMessageMoveTask":
        return Promise.resolve().then(() => this.#cancel(input));
      default:
        return undefined;
    }
  }

  /** What is under way stops where it is: as if it had been cancelled. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }

  async #start({ SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: rate = MOST_PER_SECOND }: Input) {
    const source = String(SourceArn);
    const perSecond = Number(rate);
    if (!(perSecond >= 1 && perSecond <= MOST_PER_SECOND)) {
      throw new ServiceError("InvalidParameterValue", `It has to be from 1 to ${MOST_PER_SECOND} a second.`);
    }
    await this.#mustBeDeadLetterQueue(source);
    if (this.#tasks.some((task) => task.source === source && isActive(task))) {
      throw new ServiceError("UnsupportedOperation", "There is already a task running.");
    }
    const destination = DestinationArn === undefined ? undefined : String(DestinationArn);
    const task: Task = {
      ...{ handle: randomUUID(), source, destination, perSecond, startedAt: Date.now() },
      ...{ toMove: await this.#depthOf(source), status: "RUNNING", moved: 0 },
    };
    this.#tasks.unshift(task);
    const run = this.#run(task).finally(() => this.#running.delete(run));
    this.#running.add(run);
    return { TaskHandle: task.handle };
  }

  #list({ SourceArn: source, MaxResults: most = 1 }: Input) {
    const found = this.#tasks.filter((task) => task.source === source);
    return { Results: found.slice(0, Math.min(Number(most), MOST_LISTED)).map(describe) };
  }

  #cancel({ TaskHandle: handle }: Input) {
    const task = this.#tasks.find((each) => each.handle === handle && each.status === "RUNNING");
    if (!task) throw new ServiceError("ResourceNotFoundException", "There is no such task that is running.");
    task.status = "CANCELLING";
    return { ApproximateNumberOfMessagesMoved: task.moved };
  }

  async #run(task: Task): Promise<void> {
    try {
      // SQS remembers an origin of what it has moved itself; the emulator of nothing.
      if (task.destination === undefined) throw new Error("CouldNotDetermineMessageSource");
      const ends = { from: this.#urlOf(task.source), to: this.#urlOf(task.destination) };
      const step = Math.ceil(task.perSecond / STEPS_PER_SECOND);
      while (task.status === "RUNNING" && !this.#stopped) {
        const moved = await moveMessages(this.#sqs, ends, step, () => task.moved++);
        if (moved === 0) break;
        await new Promise((resolve) => setTimeout(resolve, (moved / task.perSecond) * 1_000));
      }
      task.status = task.status === "RUNNING" && !this.#stopped ? "COMPLETED" : "CANCELLED";
    } catch (error) {
      task.status = "FAILED";
      task.failure = (error as Error).message;
    }
  }

  async #depthOf(arn: string): Promise<number> {
    const { ApproximateNumberOfMessages: depth } = await this.#attributes(this.#urlOf(arn));
    return Number(depth ?? 0);
  }

  async #mustBeDeadLetterQueue(arn: string): Promise<void> {
    const { QueueUrls: urls = [] } = await this.#sqs.send(new ListQueuesCommand({}));
    const all = await Promise.all(urls.map((url) => this.#attributes(url)));
    if (!all.some(({ QueueArn }) => QueueArn === arn)) {
      throw new ServiceError("ResourceNotFoundException", `There is no queue ${arn}.`);
    }
    const isTarget = all.some(({ RedrivePolicy: policy }) => targetOf(policy) === arn);
    if (!isTarget) {
      throw new ServiceError(
        "InvalidParameterValue",
        "Source queue must be configured as a Dead Letter Queue.",
      );
    }
  }

  async #attributes(QueueUrl: string): Promise<Readonly<Record<string, string | undefined>>> {
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] });
    return (await this.#sqs.send(command)).Attributes ?? {};
  }
}

function targetOf(policy = "{}"): unknown {
  return (JSON.parse(policy || "{}") as { deadLetterTargetArn?: unknown }).deadLetterTargetArn;
}

function isActive({ status }: Task): boolean {
  return status === "RUNNING" || status === "CANCELLING";
}

/** A handle only while it is of use. */
function describe(task: Task) {
  return {
    ...(task.status === "RUNNING" ? { TaskHandle: task.handle } : {}),
    Status: task.status,
    SourceArn: task.source,
    MaxNumberOfMessagesPerSecond: task.perSecond,
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    StartedTimestamp: task.startedAt,
    ...defined({ DestinationArn: task.destination, FailureReason: task.failure }),
  };
}
