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
import { payloadOf } from "../../dlq/payload.ts";
import { writeRecord } from "../../dlq/record.ts";
import { withExamples } from "../../examples.ts";

interface ExportOptions extends FilterOptions {
  readonly payloads?: boolean;
}

export function addExport(dlq: Command): void {
  withExamples(
    addFilterOptions(
      dlq
        .command("export")
        .description("writes dead letters to a file, a JSON document a line; they stay on the queue")
        .argument("<file>", "where to; - is stdout. It holds customers' data: only its owner can read it")
        .option("--payloads", "take along the events that lie in the overflow bucket"),
    ).action(
      act<ExportOptions>(async (context, options, file = "-") => {
        if (file === "-") {
          const { exported, missing } = await write(context, options, (line) => context.output.write(line));
          context.output.note(`${counted(exported, "dead letter")} exported.`);
          return missing > 0 ? exitCodes.attention : exitCodes.done;
        }
        const { exported, missing } = await toFile(context, file, options);
        await context.output.result({ exported, file, payloadsMissing: missing }, () =>
          [
            `${counted(exported, "dead letter")} exported to ${file}.`,
            ...(missing > 0 ? [lacking(missing)] : []),
          ].join("\n"),
        );
        return missing > 0 ? exitCodes.attention : exitCodes.done;
      }),
    ),
    "genesys-dlq dlq export kept.jsonl --payloads",
    "genesys-dlq dlq export - --class permanent | jq -r .body",
  );
}

const lacking = (missing: number) =>
  `${counted(missing, "has", "have")} no event any more: it is not in the overflow bucket.`;

/** @returns how many were written, and how many claim-checked events the bucket no longer has */
async function write(
  context: Context,
  { payloads, ...filter }: ExportOptions,
  put: (line: string) => Promise<void>,
): Promise<{ exported: number; missing: number }> {
  const environment = await context.environment();
  let missing = 0;
  const { deadLetters } = await look(context, readFilter(filter), async (message) => {
    const event = payloads ? readEvent(message.Body ?? "") : undefined;
    if (event === undefined || "bytes" in event.body) return put(writeRecord(message));
    const bytes = await payloadOf(event, environment);
    if (bytes === undefined) missing++;
    return put(writeRecord(message, { bytes }));
  });
  return { exported: deadLetters.length, missing };
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
