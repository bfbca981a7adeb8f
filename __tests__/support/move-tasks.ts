import { defined } from "../../contract/defined.ts";
import { type AwsAnswer, listed } from "./aws-answers.ts";

/**
 * SQS's move tasks as its API reference tells: one at a time for a queue, from a dead-letter queue, at most 500 a
 * second; a cancelled one stops where it is. What it moves in a look is what a test says.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */
export class MoveTasks {
  static readonly source = "arn:aws:sqs:eu-west-1:123456789012:dead";
  static readonly destination = "arn:aws:sqs:eu-west-1:123456789012:main";
  /** Messages moved between two looks. */
  perLook = 10;
  status: "RUNNING" | "COMPLETED" | "CANCELLING" | "CANCELLED" | "FAILED" | undefined;
  moved = 0;
  /** Ends the task at the next look, with this reason. */
  failure: string | undefined;
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  /** An answer to a call of SQS. */
  answer(action: string, input: Record<string, unknown>): AwsAnswer | undefined {
    switch (action) {
      case "GetQueueAttributes": {
        const name = String(input["QueueUrl"]).split("/").at(-1);
        const left = name === "dead" ? this.#size - this.moved : 0;
        return {
          body: {
            Attributes: {
              QueueArn: name === "dead" ? MoveTasks.source : MoveTasks.destination,
              ApproximateNumberOfMessages: String(left),
              ApproximateNumberOfMessagesNotVisible: "0",
            },
          },
        };
      }
      case "StartMessageMoveTask":
        return this.#start(input);
      case "ListMessageMoveTasks":
        return { body: { Results: this.#look() } };
      case "CancelMessageMoveTask":
        if (this.status !== "RUNNING") return refusal("ResourceNotFoundException", "no active task");
        this.status = "CANCELLING";
        return { body: { ApproximateNumberOfMessagesMoved: this.moved } };
      default:
        // Nothing is parked.
        if (/^GET .*list-type=2/.test(action)) return listed();
        return refusal("UnsupportedOperation", `no ${action} here`);
    }
  }

  #start({
    SourceArn: source,
    DestinationArn: destination,
    MaxNumberOfMessagesPerSecond: rate,
  }: Record<string, unknown>) {
    if (this.status === "RUNNING") return refusal("UnsupportedOperation", "There is already a task running.");
    if (source !== MoveTasks.source) return refusal("ResourceNotFoundException", "no such source");
    // Without a destination SQS asks for each message's origin, and one that was sent here has none.
    if (destination === undefined) this.failure = "CouldNotDetermineMessageSource";
    if (Number(rate) > 500) return refusal("InvalidParameterValue", "at most 500");
    this.status = "RUNNING";
    this.moved = 0;
    return { body: { TaskHandle: "handle-1" } };
  }

  #look(): object[] {
    if (this.status === undefined) return [];
    if (this.status === "CANCELLING") this.status = "CANCELLED";
    if (this.status === "RUNNING") {
      this.moved = Math.min(this.#size, this.moved + this.perLook);
      if (this.moved === this.#size) this.status = "COMPLETED";
      if (this.failure !== undefined) this.status = "FAILED";
    }
    return [
      {
        Status: this.status,
        SourceArn: MoveTasks.source,
        DestinationArn: MoveTasks.destination,
        ApproximateNumberOfMessagesMoved: this.moved,
        ApproximateNumberOfMessagesToMove: this.#size,
        ...defined({ FailureReason: this.failure }),
      },
    ];
  }
}

function refusal(error: string, message: string): AwsAnswer {
  return { error, body: { message } };
}
