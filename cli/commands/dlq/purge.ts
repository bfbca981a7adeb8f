import { type Message, PurgeQueueCommand } from "@aws-sdk/client-sqs";
import type { Command } from "commander";
import { UsageError } from "../../../contract/command-error.ts";
import { GENESYS_DLQ } from "../../../contract/command-line.ts";
import { deleteDeadLetter } from "../../../contract/dead-letter-queue.ts";
import { exitCodes } from "../../../contract/exit-codes.ts";
import { act } from "../../act.ts";
import { ask } from "../../ask.ts";
import { queueNameOf } from "../../aws/queue-url.ts";
import type { Context } from "../../context.ts";
import { counted } from "../../counted.ts";
import { readDepth } from "../../dlq/depth.ts";
import { addFilterOptions, type FilterOptions, readFilter } from "../../dlq/filter.ts";
import { look } from "../../dlq/look.ts";
import { carryOut } from "../../dlq/plan.ts";
import { withExamples } from "../../examples.ts";

interface PurgeOptions extends FilterOptions {
  readonly name?: string;
}

/** Deleting does not burden a destination. */
const RATE = 1_000;

export function addPurge(dlq: Command): void {
  withExamples(
    addFilterOptions(
      dlq
        .command("purge")
        .description("deletes dead letters for good: those chosen, or all of them; asks for the queue's name")
        .option("--name <queue>", "the queue's name, in place of typing it; with --yes, for scripts"),
    ).action(
      act<PurgeOptions>((context, options) => {
        const filter = readFilter(options);
        return filter === undefined ? all(context, options.name) : chosen(context, filter, options.name);
      }),
    ),
    "genesys-dlq dlq export kept.jsonl && genesys-dlq dlq purge",
    "genesys-dlq dlq purge --class malformed --until 7d",
    "genesys-dlq dlq purge --yes --name genesys-events-dev-dead-letter-queue",
  );
}

async function all(context: Context, name: string | undefined): Promise<number> {
  const { clients, outputs } = await context.environment();
  const sqs = await clients.sqs();
  const { visible, hidden } = await readDepth(sqs, outputs.deadLetterQueueUrl);
  const count = visible + hidden;
  if (count === 0) return tell(context, 0);
  await confirm(context, `This deletes all dead letters, about ${count}, for good.`, name);
  await sqs.send(new PurgeQueueCommand({ QueueUrl: outputs.deadLetterQueueUrl }));
  return tell(context, count);
}

async function chosen(
  context: Context,
  filter: NonNullable<ReturnType<typeof readFilter>>,
  name: string | undefined,
): Promise<number> {
  const { deadLetters } = await look(context, filter);
  if (deadLetters.length === 0) return tell(context, 0);
  await confirm(context, `This deletes ${counted(deadLetters.length, "dead letter")} for good.`, name);
  const { clients, outputs } = await context.environment();
  const sqs = await clients.sqs();
  const plan = new Set(deadLetters.map(({ messageId }) => messageId));
  const remove = (message: Message) => deleteDeadLetter(sqs, outputs.deadLetterQueueUrl, message);
  const { done, undeleted } = await carryOut(context, plan, remove, { doing: "deleted", rate: RATE });
  await tell(context, done);
  return undeleted > 0 ? exitCodes.attention : exitCodes.done;
}

async function tell({ output }: Context, purged: number): Promise<number> {
  await output.result({ purged }, () => `${counted(purged, "dead letter")} deleted.`);
  return exitCodes.done;
}

/** @throws {UsageError} unless somebody gave the queue's name, here or on the command line */
async function confirm(context: Context, warning: string, name: string | undefined): Promise<void> {
  const { outputs, title } = await context.environment();
  const expected = queueNameOf(outputs.deadLetterQueueUrl);
  let given = context.yes ? name : undefined;
  if (given === undefined) {
    context.output.note(`${warning} (${title}; ${GENESYS_DLQ} dlq export keeps them in a file.)`);
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
