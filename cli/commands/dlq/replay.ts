import type { Command } from "commander";
import { CommandError, UsageError } from "../../../contract/command-error.ts";
import { defined } from "../../../contract/defined.ts";
import { shortId } from "../../../contract/event/identity.ts";
import { exitCodes } from "../../../contract/exit-codes.ts";
import { oneLine } from "../../../contract/plain-text.ts";
import { act } from "../../act.ts";
import { agree } from "../../ask.ts";
import type { Context } from "../../context.ts";
import { counted } from "../../counted.ts";
import { addFilterOptions, type FilterOptions, readFilter } from "../../dlq/filter.ts";
import { noneOf } from "../../dlq/none.ts";
import { isThisMachine, type ReplayAnswer, replay, replayUrl } from "../../dlq/replay.ts";
import { type Replayable, replayableInFile, replayableOnQueue } from "../../dlq/replayable.ts";
import { withExamples } from "../../examples.ts";
import { numberAbove, wholeNumber } from "../../numbers.ts";

interface ReplayOptions extends FilterOptions {
  readonly to: string;
  readonly file?: string;
  readonly limit: number;
  readonly timeout: number;
}

/** What the secret of the deliveries' signature comes in: no command line shows it. */
const SECRET_VARIABLE = "GENESYS_DLQ_SIGNING_SECRET";
const LIMIT = 10;
const TIMEOUT_SECONDS = 60;
const ID_CHARACTERS = 12;
const TEXT_CHARACTERS = 120;

export function addReplay(dlq: Command): void {
  withExamples(
    addFilterOptions(
      dlq
        .command("replay")
        .description("posts dead letters to a server on this machine, as they would be delivered; they stay")
        .argument("[id]", "its event id or SQS message id, or how that begins")
        .requiredOption("--to <url>", "where your server listens: http://localhost:3000")
        .option("--file <path>", "from this export, in place of the queue; - is stdin")
        .option("--limit <n>", "so many, the last ones to die", wholeNumber(1, 10_000), LIMIT)
        .option("--timeout <seconds>", "for one answer", numberAbove(0, 3_600), TIMEOUT_SECONDS),
    )
      .action(
        act<ReplayOptions>(async (context, options, id) => {
          const url = replayUrl(options.to);
          await confirm(context, url);
          const found = await find(context, options, id);
          return replayAll(context, found, url, options.timeout * 1_000);
        }),
      )
      .addHelpText(
        "after",
        `
Each has the headers of its next attempt, its Idempotency-Key among them. The destination's credentials go nowhere;
${SECRET_VARIABLE} signs each one, where deliveries are signed.
`,
      ),
    "genesys-dlq dlq replay 3f1c9a7be204 --to http://localhost:3000",
    "genesys-dlq dlq replay --cause 5b1f0c22 --limit 3 --to http://localhost:3000/events",
    "genesys-dlq dlq replay --file kept.jsonl --to localhost:3000 --json",
  );
}

async function confirm({ yes, signal }: Context, url: URL): Promise<void> {
  if (yes || isThisMachine(url)) return;
  const question = `${url.host} is another machine. Send it customers' events?`;
  if (!(await agree(question, signal))) throw new CommandError("Nothing was sent.", "");
}

function find(context: Context, options: ReplayOptions, id: string | undefined): Promise<Replayable> {
  const { file, limit } = options;
  const filter = readFilter(id === undefined ? options : { ...options, id: [...(options.id ?? []), id] });
  if (file !== undefined) return replayableInFile(file, filter, limit);
  if (filter !== undefined) return replayableOnQueue(context, filter, limit);
  throw new UsageError(
    "Which dead letter?",
    "Give its id, a filter such as --cause, or an export with --file; genesys-dlq dlq list shows the ids.",
  );
}

async function replayAll(
  { output, signal }: Context,
  { replays, absent, chosen, lookedAt }: Replayable,
  url: URL,
  timeoutMilliseconds: number,
): Promise<number> {
  const secret = process.env[SECRET_VARIABLE];
  const options = { timeoutMilliseconds, ...defined({ signingSecret: secret === "" ? undefined : secret }) };
  const answers: ReplayAnswer[] = [];
  for (const each of replays) {
    if (signal.aborted) break;
    answers.push(await replay(each, url, options));
  }
  const documents = [...answers, ...absent.map(({ eventId, why }) => ({ eventId, noPayload: why }))];
  await output.results(documents, () =>
    chosen === 0
      ? `${noneOf({ lookedAt })} Nothing was sent.`
      : [
          ...answers.map(line),
          ...absent.map(({ eventId, why }) => `${shortened(eventId)}  not sent: ${why}`),
        ].join("\n"),
  );
  signal.throwIfAborted();
  const left = chosen - replays.length - absent.length;
  if (left > 0) output.note(`${counted(left, "more is", "more are")} chosen: --limit ${chosen} sends all.`);
  if (chosen === 0 || absent.length > 0) return exitCodes.attention;
  return answers.every(({ answer }) => isSuccess(answer)) ? exitCodes.done : exitCodes.failed;
}

function line({ eventId, answer, milliseconds, text }: ReplayAnswer): string {
  const said = text.trim() === "" ? "" : `  ${oneLine(text, TEXT_CHARACTERS)}`;
  return `${shortened(eventId)}  ${answer}  ${milliseconds} ms${said}`;
}

function shortened(eventId: string): string {
  return shortId(eventId, ID_CHARACTERS);
}

function isSuccess(answer: number | string): boolean {
  return typeof answer === "number" && answer >= 200 && answer < 300;
}
