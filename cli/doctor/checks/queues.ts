import { IN_FLIGHT_LIMIT, IN_FLIGHT_MANY } from "../../../contract/in-flight-limit.ts";
import { parkedDeadLetters } from "../../../contract/parked.ts";
import { listParked } from "../../../contract/parked-objects.ts";
import { readBreaker } from "../../breaker/status.ts";
import { ageOf } from "../../breaker/words.ts";
import { counted } from "../../counted.ts";
import type { Environment } from "../../environment/environment.ts";
import { howItDrains } from "../backlog.ts";
import type { Check } from "../check.ts";
import { type CheckResult, resultsOf } from "../check-result.ts";
import {
  type Attributes,
  ageOfOldest,
  attributesOf,
  depthIn,
  isEncrypted,
  numberIn,
  receivesOfProcessor,
} from "../queue-facts.ts";
import { areFatedSamples } from "../samples.ts";
import { commandFor, duration, logOf, remedyIn } from "../words.ts";

/** The main queue: how deep, how old, and whether what fails too often goes where it should. */
export const queue: Check = {
  name: "queue",
  async run({ environment, now }) {
    const { outputs } = environment;
    const [attributes, deadLetters, receives, sqsAge, breaker] = await Promise.all([
      attributesOf(environment, outputs.queueUrl),
      attributesOf(environment, outputs.deadLetterQueueUrl),
      receivesOfProcessor(environment),
      ageOfOldest(environment, outputs.queueUrl, now()),
      // Where the breaker cannot be read, the check of deliveries says so.
      readBreaker(environment, now()).catch(() => undefined),
    ]);
    const receivedAgo = breaker && ageOf(breaker, now());
    // SQS counts from when an event was last sent, and leaves out what was received three times.
    const ages = [sqsAge, receivedAgo].filter((known) => known !== undefined);
    const age = ages.length === 0 ? undefined : Math.max(...ages);
    const { ok, failure } = resultsOf("queue");
    const trouble: CheckResult[] = [...redriveTrouble(environment, attributes, deadLetters, receives)];
    if (!isEncrypted(attributes)) trouble.push(failure("It is not encrypted.", deployAgain(environment)));
    const hidden = numberIn(attributes, "ApproximateNumberOfMessagesNotVisible");
    if (hidden >= IN_FLIGHT_MANY) {
      trouble.push(
        failure(
          `${hidden} messages are in flight, and at ${IN_FLIGHT_LIMIT} SQS hands out no more.`,
          `Stop deliveries until the destination is well: ${commandFor(environment, "breaker open")}`,
        ),
      );
    }
    const retention = numberIn(attributes, "MessageRetentionPeriod");
    if (sqsAge !== undefined && sqsAge >= retention * NOT_PARKED_SHARE) {
      trouble.push(
        failure(
          `The oldest message has waited for ${duration(sqsAge)}: recovery has not parked it, and SQS deletes it after ${duration(retention)}.`,
          `See why in its log: ${logOf(environment, outputs.recoveryFunction)}`,
        ),
      );
    }
    if (trouble.length > 0) return trouble;
    const waiting = numberIn(attributes, "ApproximateNumberOfMessages");
    const drains = await howItDrains(environment, waiting, breaker, now());
    return [ok([depthIn(attributes, age), drains].filter((part) => part !== undefined).join("; "))];
  },
};

/** The dead-letter queue: whether events wait there for a person, and how long they still have. */
export const deadLetterQueue: Check = {
  name: "dead letters",
  async run({ environment, signal, now }) {
    const { outputs } = environment;
    const [attributes, main, age, parked] = await Promise.all([
      attributesOf(environment, outputs.deadLetterQueueUrl),
      attributesOf(environment, outputs.queueUrl),
      ageOfOldest(environment, outputs.deadLetterQueueUrl, now()),
      countParked(environment),
    ]);
    const { ok, failure, warning } = resultsOf("dead letters");
    const trouble: CheckResult[] = [];
    if (!isEncrypted(attributes))
      trouble.push(failure("The queue is not encrypted.", deployAgain(environment)));
    if (attributes["RedrivePolicy"]) {
      trouble.push(
        failure(
          "The dead-letter queue has a redrive policy of its own: looking into it would move messages on.",
          `The stack gives it none: ${deployAgain(environment)}`,
        ),
      );
    }
    const retention = numberIn(attributes, "MessageRetentionPeriod");
    const mainRetention = numberIn(main, "MessageRetentionPeriod");
    if (retention <= mainRetention) {
      trouble.push(
        failure(
          `Dead letters are kept for ${duration(retention)}, no longer than events on the main queue, and their time counts from there.`,
          deployAgain(environment),
        ),
      );
    }
    const onQueue =
      numberIn(attributes, "ApproximateNumberOfMessages") +
      numberIn(attributes, "ApproximateNumberOfMessagesNotVisible");
    if (parked === 0 && (await areFatedSamples(environment, onQueue, signal))) {
      const samples = ok(`${counted(onQueue, "sample")} of npm start, meant to end here`);
      return trouble.length > 0 ? trouble : [samples];
    }
    if (onQueue + parked > 0) {
      const words = [
        onQueue > 0 && depthIn(attributes, age),
        parked > 0 && `${counted(parked, "is", "are")} parked in the overflow bucket`,
      ].filter((word) => word !== false);
      const remedy = `See why they are there, and redrive them once the reason is gone: ${commandFor(environment, "dlq stats")}`;
      const late = age !== undefined && age >= retention * NOT_PARKED_SHARE;
      trouble.push(
        late
          ? failure(
              `${words.join("; ")}: recovery has not parked them, and SQS deletes them after ${duration(retention)}, their time on the main queue included.`,
              `See why in its log: ${logOf(environment, outputs.recoveryFunction)}`,
            )
          : warning(words.join("; "), remedy),
      );
    }
    return trouble.length > 0 ? trouble : [ok("none")];
  },
};

/** Recovery parks at half of a queue's retention; what is older has been overlooked. */
const NOT_PARKED_SHARE = 0.55;

async function countParked({ clients, outputs }: Environment): Promise<number> {
  const objects = await listParked(await clients.s3(), outputs.overflowBucket);
  return objects
    .filter(({ kind }) => parkedDeadLetters.includes(kind))
    .reduce((sum, { count }) => sum + count, 0);
}

function* redriveTrouble(
  environment: Environment,
  attributes: Attributes,
  deadLetters: Attributes,
  receives: number | undefined,
): Generator<CheckResult> {
  const { failure } = resultsOf("queue");
  const policy = JSON.parse(attributes["RedrivePolicy"] ?? "{}") as {
    readonly deadLetterTargetArn?: string;
    readonly maxReceiveCount?: number | string;
  };
  if (policy.deadLetterTargetArn === undefined) {
    yield failure(
      "It has no redrive policy: what makes the processor crash stays on it until SQS deletes it.",
      deployAgain(environment),
    );
  } else if (policy.deadLetterTargetArn !== deadLetters["QueueArn"]) {
    yield failure(
      `What fails too often goes to ${policy.deadLetterTargetArn}, not to the dead-letter queue of the outputs.`,
      deployAgain(environment),
    );
  } else if (receives !== undefined && Number(policy.maxReceiveCount) !== receives) {
    yield failure(
      `SQS moves events after ${policy.maxReceiveCount} receives, and the processor believes after ${receives}: it sets them aside too late, or too early.`,
      deployAgain(environment),
    );
  }
}

function deployAgain(environment: Environment): string {
  return remedyIn(
    environment,
    `Somebody has changed it by hand: npm run plan -- ${environment.outputs.environment} shows how, and a deployment puts it right.`,
  );
}
