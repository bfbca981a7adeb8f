import { type Command, InvalidArgumentError, Option } from "commander";
import { listWithCommas } from "../../contract/blank-values.ts";
import { isMeant } from "../../contract/event/identity.ts";
import { matchesGlob } from "../../contract/glob.ts";
import { httpSources } from "../../contract/sources/index.ts";
import { causeId } from "./causes.ts";
import { type DeadLetter, deadLetterClasses } from "./dead-letter.ts";
import { readMoment } from "./times.ts";

/** What dead letters are chosen by; all of what is given has to fit. */
export interface FilterOptions {
  readonly class?: readonly string[];
  readonly reason?: string;
  readonly status?: readonly string[];
  readonly source?: readonly string[];
  readonly type?: readonly string[];
  readonly since?: Date;
  readonly until?: Date;
  readonly id?: readonly string[];
  readonly conversation?: readonly string[];
  readonly cause?: readonly string[];
}

export type Filter = (deadLetter: DeadLetter) => boolean;

export const sources = [...httpSources, "eventbridge"];

/** The filter's options, for any command that chooses dead letters. */
export function addFilterOptions(command: Command): Command {
  return command
    .addOption(among("--class <class>", "why: its class, or several with commas", deadLetterClasses))
    .option("--reason <text>", "its reason contains this text")
    .option("--status <status>", "what the destination answered: 422, 5xx, none", statuses)
    .addOption(among("--source <source>", "how it came", sources))
    .option("--type <type>", "its event type; * stands for anything", list)
    .option(
      "--since <time>",
      "dead-lettered at this time or later: 2026-11-24T08:00Z, or 90m, 2h, 3d ago",
      (text) => readMoment(text),
    )
    .option("--until <time>", "dead-lettered before this time", (text) => readMoment(text))
    .option("--id <id>", "its event id or SQS message id, or how that begins", list)
    .option("--conversation <id>", "its conversation's id, or how that begins", list)
    .option("--cause <id>", "its cause, as stats names it, or how that begins", list);
}

/** @returns undefined where nothing is given: every dead letter is chosen. */
export function readFilter(options: FilterOptions): Filter | undefined {
  const tests = [
    given(options.class, (classes, deadLetter) => classes.includes(deadLetter.class)),
    given(options.reason, (text, { reason }) => reason.toLowerCase().includes(text.toLowerCase())),
    given(options.status, (patterns, { status }) => patterns.some((pattern) => isStatus(pattern, status))),
    given(options.source, (names, { source }) => names.includes(source)),
    given(options.type, (patterns, { eventType }) => patterns.some((each) => isLike(each, eventType ?? ""))),
    given(options.since, (since, { diedAt }) => Date.parse(diedAt) >= since.getTime()),
    given(options.until, (until, { diedAt }) => Date.parse(diedAt) < until.getTime()),
    given(options.id, (ids, deadLetter) => ids.some((id) => hasId(deadLetter, id))),
    given(options.conversation, (ids, { conversationId }) => ids.some((id) => begins(conversationId, id))),
    given(options.cause, (ids, deadLetter) => ids.some((id) => begins(causeId(deadLetter), id))),
  ].filter((test) => test !== undefined);
  return tests.length === 0 ? undefined : (deadLetter) => tests.every((test) => test(deadLetter));
}

/** Whether an id, its short form, or the beginning of one names the letter. */
export function hasId({ eventId, messageId }: DeadLetter, id: string): boolean {
  return isMeant(eventId, id) || messageId.startsWith(id);
}

function begins(text: string | undefined, beginning: string): boolean {
  return text?.toLowerCase().startsWith(beginning.toLowerCase()) ?? false;
}

function given<T>(
  value: T | undefined,
  test: (value: T, deadLetter: DeadLetter) => boolean,
): Filter | undefined {
  return value === undefined ? undefined : (deadLetter) => test(value, deadLetter);
}

function isStatus(pattern: string, status: number | undefined): boolean {
  if (status === undefined) return pattern === "none";
  return pattern === String(status) || (pattern.endsWith("xx") && pattern[0] === String(status)[0]);
}

function isLike(pattern: string, text: string): boolean {
  return matchesGlob(pattern.toLowerCase(), text.toLowerCase());
}

/** Comma-separated, and the option may come again. */
export function list(text: string, before: readonly string[] = []): string[] {
  return [...before, ...listWithCommas(text, (message) => new InvalidArgumentError(message))];
}

export function among(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description)
    .choices([...choices])
    .argParser((text, before: string[] | undefined) => {
      const values = list(text, before);
      const wrong = values.find((value) => !choices.includes(value));
      if (wrong === undefined) return values;
      throw new InvalidArgumentError(`Allowed choices are ${choices.join(", ")}.`);
    });
}

export function statuses(text: string, before?: readonly string[]): readonly string[] {
  const values = list(text.toLowerCase(), before);
  if (values.every((value) => /^([1-5]\d\d|[1-5]xx|none)$/.test(value))) return values;
  throw new InvalidArgumentError("Give statuses such as 422, 5xx, or none.");
}
