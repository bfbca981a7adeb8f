import { Argument, type Command, Option } from "commander";
import { CommandError, UsageError } from "../../contract/command-error.ts";
import { defined } from "../../contract/defined.ts";
import { exitCodes } from "../../contract/exit-codes.ts";
import type { Source } from "../../contract/sources/index.ts";
import { httpSources } from "../../contract/sources/index.ts";
import { act } from "../act.ts";
import { agree } from "../ask.ts";
import type { Context } from "../context.ts";
import { counted } from "../counted.ts";
import { withExamples } from "../examples.ts";
import { numberAbove, wholeNumber } from "../numbers.ts";
import { Progress } from "../progress.ts";
import { busTarget } from "../send/event-bus.ts";
import { type EventOptions, type Events, eventsFor } from "../send/events.ts";
import { FEW, followed, WAIT_SECONDS, waitFor } from "../send/follow-sent.ts";
import { SECRET_VARIABLE, targetAt } from "../send/given-url.ts";
import { targetIn } from "../send/http-target.ts";
import { describeOutcomes, isDelivered, toDocument } from "../send/outcome-words.ts";
import type { SentOutcomes } from "../send/outcomes.ts";
import { describeReport } from "../send/report.ts";
import { sendAll } from "../send/send.ts";
import type { SendReport } from "../send/tally.ts";
import type { Target } from "../send/target.ts";

interface SendOptions extends EventOptions {
  readonly integration?: string;
  readonly url?: string;
  readonly encoding: "base64" | "hex";
  readonly unsigned?: boolean;
  readonly rate?: number;
  readonly concurrency: number;
  readonly retry?: number | true;
  readonly timeout: number;
  readonly wait?: number | true;
}

/** Genesys' own, of an Open Messaging webhook: 10 s for an answer, 5 more attempts 5 s apart. */
const TIMEOUT_SECONDS = 10;
const ATTEMPTS = 6;
const PAUSE_SECONDS = 5;

/** `send`: a sender to try the pipeline with. */
export function addSend(program: Command): void {
  const send = program
    .command("send")
    .description("sends sample events, signed as Genesys signs, and says how they were answered")
    .addArgument(
      new Argument("[source]", "whose events (default: the first that the environment takes in)").choices([
        ...httpSources,
        "eventbridge",
      ]),
    )
    .option("--integration <id>", "of open-messaging; needed where there are several")
    .option("--count <n>", "how many (default: 1, or all that the file has)", wholeNumber(1, 10_000_000))
    .option("--rate <n>", "events a second (default: as fast as answers come)", numberAbove(0, 10_000))
    .option("--concurrency <n>", "events under way at a time", wholeNumber(1, 1_000), 10)
    .option("--type <name>", "event type of the samples")
    .option("--seed <text>", "the same seed gives the same samples, byte for byte")
    .option("--file <path>", "send what is in it: JSON, a list in JSON, or JSON Lines; - reads stdin")
    .option("--raw", "send the file as one event, whatever it holds")
    .option(
      "--retry [seconds]",
      `send 429, 5xx and timeouts again as Genesys does, ${PAUSE_SECONDS} s apart`,
      numberAbove(0, 3_600),
    )
    .option("--timeout <seconds>", "for one answer", numberAbove(0, 3_600), TIMEOUT_SECONDS)
    .option(
      "--url <url>",
      `this address of a source in place of an environment's; the secret is ${SECRET_VARIABLE}`,
    )
    .addOption(
      new Option("--encoding <name>", "of the signature, with --url")
        .choices(["base64", "hex"])
        .default("base64"),
    )
    .option("--unsigned", "send neither signature nor secret")
    .option(
      "--wait [seconds]",
      `wait until each is delivered, or a dead letter, no longer than this (default: ${WAIT_SECONDS})`,
      numberAbove(0, 86_400),
    )
    .action(
      act<SendOptions>((context, options, source) => run(context, options, source as Source | undefined)),
    );
  withExamples(
    send,
    "genesys-dlq send",
    "genesys-dlq send --count 5 --wait",
    "genesys-dlq send webhook --count 500 --rate 50 --retry",
    "genesys-dlq send open-messaging --integration main --environment staging",
    "genesys-dlq send --file events.jsonl --concurrency 2 --json",
    `${SECRET_VARIABLE}=… genesys-dlq send webhook --url https://events.example.com/webhook`,
  );
}

async function run(context: Context, options: SendOptions, wanted: Source | undefined): Promise<number> {
  if (options.raw && options.file === undefined) {
    throw new UsageError("--raw says how to read a file.", "Name it with --file.");
  }
  const { source, target } = await targetFor(context, options, wanted);
  const events = await eventsFor(source, options);
  await confirm(context, events.count, target, options);
  const outcomes = await followed(context, options, events.count);
  try {
    const report = await send(context, options, target, events, outcomes);
    await waitFor(context, options, outcomes, report.accepted);
    const told = outcomes === undefined ? {} : { events: outcomes.all.map(toDocument) };
    await context.output.result({ source, url: target.url, ...report, ...told }, () =>
      [
        describeReport(report, target.title, context.output),
        ...(outcomes === undefined ? [] : describeOutcomes(outcomes.all, FEW)),
      ].join("\n"),
    );
    if (report.notAccepted > 0) return exitCodes.failed;
    const isOver = options.wait === undefined || outcomes?.all.every((history) => isDelivered(history));
    return isOver ? exitCodes.done : exitCodes.attention;
  } finally {
    await outcomes?.stop();
  }
}

function send(
  context: Context,
  { retry, rate, concurrency }: SendOptions,
  target: Target,
  events: Events,
  outcomes: SentOutcomes | undefined,
): Promise<SendReport> {
  const progress = new Progress("sent", events.count);
  return sendAll(target, events, {
    concurrency,
    ...defined({ rate }),
    ...(retry === undefined
      ? {}
      : { retries: { attempts: ATTEMPTS, pauseSeconds: retry === true ? PAUSE_SECONDS : retry } }),
    onSettled: (count) => progress.update(count),
    onAccepted: (mark) => outcomes?.accepted(mark),
    signal: context.signal,
  }).finally(() => progress.stop());
}

async function targetFor(
  context: Context,
  options: SendOptions,
  source: Source | undefined,
): Promise<{ readonly source: Source; readonly target: Target }> {
  const timeoutMilliseconds = options.timeout * 1_000;
  const { url, integration, unsigned = false, encoding } = options;
  if (source === "eventbridge") {
    if (url !== undefined) throw new UsageError("EventBridge has no URL of ours.", "Leave --url out.");
    return { source, target: busTarget(await context.environment(), timeoutMilliseconds) };
  }
  if (url === undefined) {
    return targetIn(await context.environment(), { source, integration, unsigned }, timeoutMilliseconds);
  }
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? "")) {
    throw new UsageError(`${url} is no http or https URL.`, "Look at --url.");
  }
  const of = source ?? "webhook";
  return { source: of, target: targetAt(of, { url, encoding, integration, unsigned }, timeoutMilliseconds) };
}

/** What is deployed has a destination that takes samples for real. */
async function confirm(
  { yes, signal, environment }: Context,
  count: number,
  { title }: Target,
  { url }: SendOptions,
): Promise<void> {
  if (yes || url !== undefined || (await environment()).kind === "local") return;
  const question = `Send ${counted(count, "event")} to ${title}? Its destination gets them as it gets all others.`;
  if (!(await agree(question, signal))) throw new CommandError("Nothing was sent.", "");
}
