import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { differences } from "./compare-reviews.ts";
import { block, code } from "./escape.ts";
import { toMarkdown } from "./markdown.ts";
import { exitCodes, type PlanOptions } from "./options.ts";
import { PlanError } from "./plan-error.ts";
import type { Review } from "./review.ts";

/**
 * Prints a review and writes it to the files that were asked for.
 *
 * @param reviewed the review of an earlier plan, which this one has to equal
 * @returns the exit code
 */
export async function writeReview(
  options: PlanOptions,
  review: Review,
  reviewed: Review | undefined,
): Promise<number> {
  const notReviewed = reviewed === undefined ? [] : differences(reviewed, review);
  const markdown = toMarkdown(review, { dataLossAllowed: options.allowDataLoss, notReviewed });
  const json = `${JSON.stringify(review, null, 2)}\n`;
  process.stdout.write(options.json ? json : markdown);
  if (options.out !== undefined) {
    await write(options.out, markdown);
    await write(besides(options.out), json);
  }
  if (notReviewed.length > 0) return exitCodes.notReviewed;
  return review.losses.length > 0 && !options.allowDataLoss ? exitCodes.dataLoss : exitCodes.fine;
}

/** In place of a report that would be an older plan's: why there is none. */
export async function writeFailure({ environment, out }: PlanOptions, message: string): Promise<void> {
  if (out === undefined) return;
  const lines = [`## Plan of ${code(environment)}: failed`, "", ...block("", message.split("\n"))];
  await write(out, `${lines.join("\n")}\n`);
}

/**
 * Reads the JSON of an earlier review.
 *
 * @throws {PlanError} when the file is none
 */
export async function readReview(file: string): Promise<Review> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new PlanError(
      `${file} cannot be read. It is the JSON that an earlier --out wrote beside its report.`,
    );
  });
  try {
    const review = JSON.parse(text) as Review;
    if ([review.changes, review.losses, review.outputs].every(Array.isArray)) return review;
  } catch {
    // Said below.
  }
  throw new PlanError(
    `${file} is not the JSON of a review. It is what an earlier --out wrote beside its report.`,
  );
}

function besides(file: string): string {
  return `${file.replace(/\.md$/, "")}.json`;
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
