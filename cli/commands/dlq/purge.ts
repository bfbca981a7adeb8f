import { PurgeQueueCommand } from "@aws-sdk/client-sqs";
import type { Command } from "commander";
import { exitCodes } from "../../../contract/exit-codes.ts";
import { deleteParked } from "../../../contract/parked-objects.ts";
import { act } from "../../act.ts";
import type { Context } from "../../context.ts";
import { counted } from "../../counted.ts";
import { readDepth } from "../../dlq/depth.ts";
import { addFilterOptions, type FilterOptions, readFilter } from "../../dlq/filter.ts";
import { look } from "../../dlq/look.ts";
import { endOfNone, noneOf } from "../../dlq/none.ts";
import { existing, notMet } from "../../dlq/not-met.ts";
import { listParkedDeadLetters } from "../../dlq/parked.ts";
import { confirmPurge, notDeleted, remove } from "../../dlq/purge.ts";
import { purgeExported } from "../../dlq/purge-exported.ts";
import { withExamples } from "../../examples.ts";

interface PurgeOptions extends FilterOptions {
  readonly name?: string;
  readonly exported?: string;
}

export function addPurge(dlq: Command): void {
  withExamples(
    addFilterOptions(
      dlq
        .command("purge")
        .description("deletes dead letters for good: those chosen, or all of them; asks for the queue's name")
        .option("--name <queue>", "the queue's name, in place of typing it; with --yes, for scripts")
        .option("--exported <file>", "just those that this export holds, and no other"),
    )
      .action(
        act<PurgeOptions>((context, { name, exported, ...filters }) => {
          const filter = readFilter(filters);
          if (exported !== undefined) return purgeExported(context, exported, filter, name);
          return filter === undefined ? all(context, name) : chosen(context, filter, name);
        }),
      )
      .addHelpText(
        "after",
        `
Without a filter and without --exported it deletes whatever is on the queue by then: what is hidden, and what has come
since somebody looked. To keep what is deleted, export it, and purge by the file.
`,
      ),
    "genesys-dlq dlq export kept.jsonl && genesys-dlq dlq purge --exported kept.jsonl",
    "genesys-dlq dlq purge --class malformed --until 7d",
    "genesys-dlq dlq purge --yes --name genesys-events-dev-dead-letter-queue",
  );
}

async function all(context: Context, name: string | undefined): Promise<number> {
  const { clients, outputs } = await context.environment();
  const sqs = await clients.sqs();
  const { visible, hidden } = await readDepth(sqs, outputs.deadLetterQueueUrl);
  const parked = await listParkedDeadLetters(context);
  const count = parked.reduce((sum, object) => sum + object.count, visible + hidden);
  if (count === 0) {
    await context.output.result({ purged: 0 }, () => `${noneOf({ lookedAt: 0 })} Nothing was deleted.`);
    return exitCodes.done;
  }
  await confirmPurge(context, `This deletes all dead letters, about ${count}, for good.`, name);
  await sqs.send(new PurgeQueueCommand({ QueueUrl: outputs.deadLetterQueueUrl }));
  const s3 = await clients.s3();
  for (const { key } of parked) await deleteParked(s3, outputs.overflowBucket, key);
  await context.output.result({ purged: count }, () => deletedOf(count));
  return exitCodes.done;
}

async function chosen(
  context: Context,
  filter: NonNullable<ReturnType<typeof readFilter>>,
  name: string | undefined,
): Promise<number> {
  const looked = await look(context, filter, undefined, { patient: true });
  const { deadLetters } = looked;
  if (deadLetters.length === 0) {
    await context.output.result({ purged: 0 }, () => `${noneOf(looked)} Nothing was deleted.`);
    return endOfNone(filter, 0);
  }
  await confirmPurge(context, `This deletes ${counted(deadLetters.length, "dead letter")} for good.`, name);
  const plan = new Set(deadLetters.map(({ messageId }) => messageId));
  const { done, undeleted, gone, hidden, left } = await remove(context, plan);
  await context.output.result({ purged: done, ...existing({ undeleted, gone, hidden, left }) }, () =>
    [deletedOf(done), ...notDeleted(undeleted), ...notMet({ gone, hidden, left })].join("\n"),
  );
  return undeleted + hidden > 0 ? exitCodes.attention : exitCodes.done;
}

function deletedOf(count: number): string {
  return `${counted(count, "dead letter")} deleted.`;
}
