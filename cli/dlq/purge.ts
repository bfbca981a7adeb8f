import type { Message } from "@aws-sdk/client-sqs";
import { UsageError } from "../../contract/command-error.ts";
import { GENESYS_DLQ } from "../../contract/command-line.ts";
import { deleteDeadLetter } from "../../contract/dead-letter-queue.ts";
import { ask } from "../ask.ts";
import { queueNameOf } from "../aws/queue-url.ts";
import type { Context } from "../context.ts";
import { counted } from "../counted.ts";
import { carryOut, type PlanResult } from "./plan.ts";

/** Deleting does not burden a destination. */
const RATE = 1_000;

/** Deletes dead letters for good, by their message ids. */
export async function remove(context: Context, plan: ReadonlySet<string>): Promise<PlanResult> {
  const { clients, outputs } = await context.environment();
  const sqs = await clients.sqs();
  const onQueue = (message: Message) => deleteDeadLetter(sqs, outputs.deadLetterQueueUrl, message);
  const parked = async () => ({ kind: "done" }) as const;
  return carryOut(context, plan, { onQueue, parked }, { doing: "deleted", rate: RATE });
}

/** What is said of those that SQS has not deleted. */
export function notDeleted(count: number): string[] {
  if (count === 0) return [];
  return [`${counted(count, "stays: SQS did not delete it", "stay: SQS did not delete them")}.`];
}

/** @throws {UsageError} unless somebody gave the queue's name, here or on the command line */
export async function confirmPurge(
  context: Context,
  warning: string,
  name: string | undefined,
): Promise<void> {
  const { outputs, title } = await context.environment();
  const expected = queueNameOf(outputs.deadLetterQueueUrl);
  let given = context.yes ? name : undefined;
  if (given === undefined) {
    context.output.note(
      `${warning} (${title}; ${GENESYS_DLQ} dlq export FILE keeps them, and --exported FILE then deletes no others.)`,
    );
    given = await ask(
      `Type the queue's name, ${expected}, to go on: `,
      `give --yes --name ${expected}`,
      context.signal,
    );
  }
  if (given === expected) return;
  throw new UsageError(
    `That is not the queue's name, ${expected}: nothing was deleted.`,
    "Give the name to go on.",
  );
}
