import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { CommandError } from "../../contract/command-error.ts";
import { exitCodes } from "../../contract/exit-codes.ts";
import { differences } from "./compare-reviews.ts";
import { block, code } from "./escape.ts";
import { toMarkdown } from "./markdown.ts";
import type { Review } from "./review.ts";

/** What a review says: as a report for people, as JSON for programs, and as an exit code. */
export interface ReviewReport {
  readonly markdown: string;
  readonly json: string;
  readonly exitCode: number;
}

/** What is taken without a person. */
interface Consent {
  readonly allowDataLoss: boolean;
  /** Whether anything to do, or done behind Terraform's back, wants a person. @default false */
  readonly expectUnchanged?: boolean;
}

/** @param reviewed the review of an earlier plan, which this one has to equal */
export function reportOn(
  review: Review,
  reviewed: Review | undefined,
  { allowDataLoss, expectUnchanged = false }: Consent,
): ReviewReport {
  const notReviewed = reviewed === undefined ? [] : differences(reviewed, review);
  const attention = wantsAPerson(review, allowDataLoss) || (expectUnchanged && hasChanges(review));
  const exitCode = attention ? exitCodes.attention : exitCodes.done;
  return {
    markdown: toMarkdown(review, { dataLossAllowed: allowDataLoss, notReviewed }),
    json: `${JSON.stringify(review, null, 2)}\n`,
    exitCode: notReviewed.length > 0 ? exitCodes.notReviewed : exitCode,
  };
}

/** What cannot be applied, nobody can allow. */
function wantsAPerson({ losses, strangers, obstacles }: Review, allowDataLoss: boolean): boolean {
  if (obstacles.length > 0) return true;
  return !allowDataLoss && (losses.length > 0 || strangers.some(({ isRemoved }) => !isRemoved));
}

function hasChanges({ changes, drift, outputs }: Review): boolean {
  return changes.length + drift.length + outputs.length > 0;
}

/** Writes the report to `out`, and the JSON beside it. */
export async function writeReport(out: string, { markdown, json }: ReviewReport): Promise<void> {
  await write(out, markdown);
  await write(besides(out), json);
}

/** In place of a report that would be an older plan's: why there is none. */
export async function writeFailure(out: string, environment: string, message: string): Promise<void> {
  const lines = [`## Plan of ${code(environment)}: failed`, "", ...block("", message.split("\n"))];
  await write(out, `${lines.join("\n")}\n`);
}

const WHAT_IT_IS = "It is the JSON that an earlier --out wrote beside its report.";

/**
 * Reads the JSON of an earlier review.
 *
 * @throws {CommandError} when the file is none
 */
export async function readReview(file: string): Promise<Review> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new CommandError(`${file} cannot be read.`, WHAT_IT_IS);
  });
  try {
    const review = JSON.parse(text) as Review;
    if ([review.changes, review.losses, review.outputs].every(Array.isArray)) return review;
  } catch {
    // Said below.
  }
  throw new CommandError(`${file} is not the JSON of a review.`, WHAT_IT_IS);
}

function besides(file: string): string {
  return `${file.replace(/\.md$/, "")}.json`;
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
