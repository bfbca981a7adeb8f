import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { access, rename, rm } from "node:fs/promises";
import type { Command } from "commander";
import { UsageError } from "../../../contract/command-error.ts";
import { exitCodes } from "../../../contract/exit-codes.ts";
import { act } from "../../act.ts";
import type { Context } from "../../context.ts";
import { counted } from "../../counted.ts";
import { readEvent } from "../../dlq/dead-letter.ts";
import { addFilterOptions, type FilterOptions, readFilter } from "../../dlq/filter.ts";
import { look } from "../../dlq/look.ts";
import { endOfNone } from "../../dlq/none.ts";
import { payloadOf } from "../../dlq/payload.ts";
import { writeRecord } from "../../dlq/record.ts";
import { countUnseen } from "../../dlq/unseen.ts";
import { withExamples } from "../../examples.ts";

interface ExportOptions extends FilterOptions {
  readonly payloads: boolean;
}

export function addExport(dlq: Command): void {
  withExamples(
    addFilterOptions(
      dlq
        .command("export")
        .description("writes dead letters to a file, a JSON document a line; they stay on the queue")
        .argument("<file>", "where to; - is stdout. It holds customers' data: only its owner can read it")
        .option("--no-payloads", "leave out the events that lie in the overflow bucket"),
    )
      .action(
        act<ExportOptions>(async (context, options, file = "-") => {
          const { exported, ...missing } =
            file === "-"
              ? await write(context, options, (line) => context.output.write(line))
              : await toFile(context, file, options);
          const lines = whatIsMissing(missing);
          if (file === "-") {
            for (const line of [`${counted(exported, "dead letter")} exported.`, ...lines]) {
              context.output.note(line);
            }
          } else {
            await context.output.result({ exported, file, ...missing }, () =>
              [`${counted(exported, "dead letter")} exported to ${file}.`, ...lines].join("\n"),
            );
          }
          return lines.length > 0 ? exitCodes.attention : endOfNone(readFilter(options), exported);
        }),
      )
      .addHelpText(
        "after",
        `
Exit code 3 says that it is not the whole: some are hidden from it, have come meanwhile, or have no event.
What it holds can be purged by the file (dlq purge --exported), and nothing else goes with it.
`,
      ),
    "genesys-dlq dlq export kept.jsonl",
    "genesys-dlq dlq export kept.jsonl && genesys-dlq dlq purge --exported kept.jsonl",
    "genesys-dlq dlq export - --class permanent | jq -r .body",
  );
}

interface Written {
  readonly exported: number;
  /** Claim-checked events that the bucket does not have, or not as they were stored. */
  readonly payloadsMissing: number;
  /** Dead letters that the export cannot speak of. */
  readonly unseen: number;
  /** False where there are more than can be seen at once. */
  readonly complete: boolean;
}

function whatIsMissing({ payloadsMissing, unseen, complete }: Omit<Written, "exported">): string[] {
  return [
    unseen > 0 &&
      `It is not the whole: about ${counted(unseen, "dead letter was", "dead letters were")} not to be seen.`,
    !complete && unseen === 0 && "It is not the whole: there are more than can be seen at once.",
    payloadsMissing > 0 &&
      `${counted(payloadsMissing, "has", "have")} no event: it is not in the overflow bucket, or not as it was stored.`,
  ].filter((line) => line !== false);
}

async function write(
  context: Context,
  { payloads, ...filter }: ExportOptions,
  put: (line: string) => Promise<void>,
): Promise<Written> {
  const environment = await context.environment();
  let payloadsMissing = 0;
  const looked = await look(context, readFilter(filter), async (message) => {
    const event = payloads ? readEvent(message.Body ?? "") : undefined;
    if (event === undefined || "bytes" in event.body) return put(writeRecord(message));
    const payload = await payloadOf(event, environment);
    if ("absent" in payload) payloadsMissing++;
    return put(writeRecord(message, payload));
  });
  const { deadLetters, complete } = looked;
  const unseen = await countUnseen(context, looked);
  return { exported: deadLetters.length, payloadsMissing, unseen, complete };
}

/** The whole file or none. */
async function toFile(context: Context, file: string, options: ExportOptions) {
  const there = await access(file).then(
    () => true,
    () => false,
  );
  if (there && !context.yes) {
    throw new UsageError(`${file} is there already.`, "Name another file, or replace it with --yes.");
  }
  const draft = `${file}.${process.pid}.draft`;
  const stream = createWriteStream(draft, { mode: 0o600, flags: "wx" });
  try {
    await once(stream, "open").catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(
        `${file} cannot be written (${error.code}).`,
        "Name a file in a folder that is yours.",
      );
    });
    const result = await write(context, options, async (line) => {
      if (!stream.write(line)) await once(stream, "drain");
    });
    await new Promise<void>((resolve, reject) => {
      stream.once("error", reject).end(resolve);
    });
    await rename(draft, file);
    return result;
  } catch (error) {
    stream.destroy();
    await rm(draft, { force: true });
    throw error;
  }
}
