import { ageOfOldest, attributesOf, numberIn } from "../../../cli/doctor/queue-facts.ts";
import type { Environment } from "../../../cli/environment/environment.ts";
import { defined } from "../../../contract/defined.ts";
import type { QueueState } from "../../api.ts";

/** What waits now, and how many dead letters there are. @throws what SQS throws */
export async function readQueue(environment: Environment, now = Date.now()): Promise<QueueState> {
  const { queueUrl, deadLetterQueueUrl } = environment.outputs;
  const [queue, deadLetters, age] = await Promise.all([
    attributesOf(environment, queueUrl),
    attributesOf(environment, deadLetterQueueUrl),
    ageOfOldest(environment, queueUrl, now).catch(() => undefined), // the graphs say what CloudWatch says
  ]);
  const counts = {
    waiting: numberIn(queue, "ApproximateNumberOfMessages"),
    inFlight: numberIn(queue, "ApproximateNumberOfMessagesNotVisible"),
    delayed: numberIn(queue, "ApproximateNumberOfMessagesDelayed"),
  };
  const isEmpty = counts.waiting + counts.inFlight + counts.delayed === 0;
  return {
    at: new Date(now).toISOString(),
    ...counts,
    ...defined({ oldestSeconds: isEmpty ? undefined : age }), // CloudWatch's is a minute old
    deadLetters:
      numberIn(deadLetters, "ApproximateNumberOfMessages") +
      numberIn(deadLetters, "ApproximateNumberOfMessagesNotVisible"),
  };
}
