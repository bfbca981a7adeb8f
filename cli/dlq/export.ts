import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { access, rename, rm } from "node:fs/promises";
import { UsageError } from "../../contract/command-error.ts";
import type { Context } from "../context.ts";
import { counted } from "../counted.ts";
import { readEvent } from "./dead-letter.ts";
import type { Filter } from "./filter.ts";
import { look } from "./look.ts";
import { payloadOf } from "./payload.ts";
import { writeRecord } from "./record.ts";
import { countUnseen } from "./unseen.ts";

/** What an export has come to. */
export interface ExportResult {
  readonly exported: number;
  /** Claim-checked events that the bucket does not have, or not as they were stored. */
  readonly payloadsMissing: number;
  /** Dead letters that the export cannot speak of. */
  readonly unseen: number;
  /** False where there are more than can be seen at once. */
  readonly complete: boolean;
}

/** Why an export is not the whole, sentence by sentence. */
export function whatIsMissing({
  payloadsMissing,
  unseen,
  complete,
}: Omit<ExportResult, "exported">): string[] {
  return [
    unseen > 0 &&
      `It is not the whole: about ${counted(unseen, "dead letter was", "dead letters were")} not to be seen.`,
    !complete && unseen === 0 && "It is not the whole: there are more than can be seen at once.",
    payloadsMissing > 0 &&
      `${counted(payloadsMissing, "has", "have")} no event: it is not in the overflow bucket, or not as it was stored.`,
  ].filter((line) => line !== false);
}

interface ExportOptions {
  /** Without one, every dead letter is chosen. */
  readonly filter: Filter | undefined;
  /** Whether events that lie in the overflow bucket go along. */
  readonly payloads: boolean;
}

/** Writes dead letters, a JSON document a line; they stay where they are. @throws what SQS or S3 throw */
export async function exportLines(
  context: Context,
  { filter, payloads }: ExportOptions,
  put: (line: string) => Promise<void>,
): Promise<ExportResult> {
  const environment = await context.environment();
  let payloadsMissing = 0;
  const looked = await look(context, filter, async (message) => {
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

/**
 * The same into a file that its owner alone can read: the whole file or none.
 *
 * @throws {UsageError} where it is there already, and nobody has said yes, or cannot be written
 */
export async function exportToFile(
  context: Context,
  file: string,
  options: ExportOptions,
): Promise<ExportResult & { readonly file: string }> {
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
    const result = await exportLines(context, options, async (line) => {
      if (!stream.write(line)) await once(stream, "drain");
    });
    await new Promise<void>((resolve, reject) => {
      stream.once("error", reject).end(resolve);
    });
    await rename(draft, file);
    return { ...result, file };
  } catch (error) {
    stream.destroy();
    await rm(draft, { force: true });
    throw error;
  }
}
