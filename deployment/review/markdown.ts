import { type AttributeChange, NONE } from "./attributes.ts";
import { block, code } from "./escape.ts";
import type { Action } from "./planned.ts";
import type { ResourceReview } from "./resource-review.ts";
import type { Review } from "./review.ts";
import { beginningOf, differencesOf } from "./text-difference.ts";
import { type ReportOptions, reasonsOf, warnings } from "./warnings.ts";

/** GitHub takes 65,536 characters in a comment; the rest is room for the mark that finds it again. */
export const LONGEST_REPORT = 65_000;

const DONE: Readonly<Record<Action, string>> = {
  destroy: "destroyed",
  replace: "replaced",
  forget: "forgotten",
  change: "changed",
  create: "created",
  import: "imported",
};

/** A review as Markdown for a pull request: the worst first, and never longer than a comment may be. */
export function toMarkdown(review: Review, options: ReportOptions): string {
  const { environment, changes, drift, outputs } = review;
  const lines = [`## Plan of ${code(environment)}: ${summary(review)}`, ""];
  lines.push(...warnings(review, options));
  lines.push(...permissions("Permissions", changes));
  for (const action of ["destroy", "replace", "forget", "change", "create", "import"] as const) {
    lines.push(
      ...resources(
        title(DONE[action]),
        changes.filter((change) => change.action === action),
      ),
    );
  }
  lines.push(...section("Outputs", outputs.flatMap(attribute)));
  if (drift.length > 0) {
    lines.push(...resources("Drift: changed by other means than Terraform", drift, "it was deleted"));
    lines.push(...permissions("Drift of permissions", drift));
  }
  lines.push(plannedWith(review));
  return cut(lines);
}

/** `2 created, 1 replaced`, or that there is nothing to do. */
function summary({ counts, outputs }: Review): string {
  const parts = (["create", "import", "change", "replace", "destroy", "forget"] as const)
    .filter((action) => counts[action] > 0)
    .map((action) => `${counts[action]} ${DONE[action]}`);
  if (parts.length > 0) return parts.join(", ");
  return outputs.length > 0 ? "only outputs change" : "no changes";
}

/** Another version of any of these may plan something else. */
function plannedWith({ planner }: Review): string {
  const parts = Object.entries(planner).map(([name, value]) => `${name} ${code(value)}`);
  return `Planned with ${parts.join(", ")}.`;
}

function resources(heading: string, changes: readonly ResourceReview[], ifDestroyed = ""): string[] {
  return section(
    changes.length > 0 ? `${heading} (${changes.length})` : heading,
    changes.flatMap((change) => [
      `- ${code(change.address)}${because(change)}${change.action === "destroy" && ifDestroyed !== "" ? `: ${ifDestroyed}` : ""}`,
      ...details(change).map((detail) => `  ${detail}`),
    ]),
  );
}

function because({ because: reasons, movedFrom, importedAs }: ResourceReview): string {
  const moved = movedFrom === undefined ? "" : `, moved from ${code(movedFrom)}`;
  const imported = importedAs === undefined ? "" : `, which is there as ${code(importedAs)}`;
  return `${reasonsOf(reasons)}${moved}${imported}`;
}

function details(change: ResourceReview): string[] {
  const { action, movedFrom, importedAs, attributes, added, removed } = change;
  const values = attributes.flatMap(action === "create" ? created : attribute);
  const lines = [...(change.code === undefined ? [] : ["- code"]), ...values];
  if (action === "change" && added.length + removed.length > 0) lines.push("- permissions: see above");
  const isTold = lines.length > 0 || movedFrom !== undefined || importedAs !== undefined;
  return action !== "change" || isTold ? lines : ["- only values that are known after apply"];
}

function created({ path, after }: AttributeChange): string {
  return `- ${code(path)}: ${code(beginningOf(after))}`;
}

/** A value that is new, both, or of long ones each place where they differ. */
function attribute({ path, before, after }: AttributeChange): string[] {
  if (before === NONE) return [`- ${code(path)}: ${code(before)} → ${code(beginningOf(after))}`];
  if (after === NONE) return [`- ${code(path)}: ${code(beginningOf(before))} → ${code(after)}`];
  const [first, ...more] = differencesOf(before, after).map(
    (difference) => `${code(difference.before)} → ${code(difference.after)}`,
  );
  if (more.length === 0) return [`- ${code(path)}: ${first}`];
  return [`- ${code(path)}, in ${more.length + 1} places:`, ...[first, ...more].map((line) => `  - ${line}`)];
}

function permissions(heading: string, changes: readonly ResourceReview[]): string[] {
  const differing = changes.filter(({ added, removed }) => added.length + removed.length > 0);
  const lines = differing.flatMap(({ address, added, removed }) => [
    `# ${address}`,
    ...removed.map((line) => `- ${line}`),
    ...added.map((line) => `+ ${line}`),
  ]);
  return section(heading, lines.length > 0 ? block("diff", lines) : []);
}

function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`### ${heading}`, "", ...lines, ""];
}

function title(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1)}`;
}

/** Whole lines as long as there is room, and how many are missing. */
function cut(lines: readonly string[]): string {
  const whole = `${lines.join("\n").trimEnd()}\n`;
  if (whole.length <= LONGEST_REPORT) return whole;
  const kept: string[] = [];
  let length = 0;
  let fence = "";
  for (const line of lines) {
    length += line.length + 1;
    if (length > LONGEST_REPORT - 300) break; // room for the closing words
    kept.push(line);
    const ticks = /^`{3,}/.exec(line)?.[0];
    if (ticks !== undefined) fence = fence === "" ? ticks : "";
  }
  const missing = lines.length - kept.length;
  const closing = `**Cut here: ${missing} more lines.** The JSON file beside this report has all of them.`;
  return `${[...kept, ...(fence === "" ? [] : [fence]), "", closing].join("\n")}\n`;
}
