import type { AttributeChange } from "./attributes.ts";
import { block, code } from "./escape.ts";
import type { Action, Loss, ResourceReview, Review } from "./review.ts";

/** GitHub takes 65,536 characters in a comment; the rest is room for the mark that finds it again. */
export const LONGEST_REPORT = 65_000;

const DONE: Readonly<Record<Action, string>> = {
  destroy: "destroyed",
  replace: "replaced",
  forget: "forgotten",
  change: "changed",
  create: "created",
};

export interface ReportOptions {
  /** Somebody has said that the plan may delete data. */
  readonly dataLossAllowed: boolean;
  /** Addresses whose changes are not those that were reviewed; `undefined` where nothing was compared. */
  readonly notReviewed?: readonly string[];
}

/** A review as Markdown for a pull request: the worst first, and never longer than a comment may be. */
export function toMarkdown(review: Review, options: ReportOptions): string {
  const { environment, changes, drift, outputs } = review;
  const lines = [`## Plan of ${code(environment)}: ${summary(review)}`, ""];
  lines.push(...notReviewed(options.notReviewed ?? []), ...warning(review.losses, options.dataLossAllowed));
  lines.push(...permissions("Permissions", changes));
  for (const action of ["destroy", "replace", "forget", "change", "create"] as const) {
    lines.push(
      ...resources(
        title(DONE[action]),
        changes.filter((change) => change.action === action),
      ),
    );
  }
  lines.push(...section("Outputs", outputs.map(attribute)));
  if (drift.length > 0) {
    lines.push(...resources("Drift: changed by other means than Terraform", drift));
    lines.push(...permissions("Drift of permissions", drift));
  }
  return cut(lines);
}

/** `2 created, 1 replaced`, or that there is nothing to do. */
function summary({ counts, outputs }: Review): string {
  const parts = (["create", "change", "replace", "destroy", "forget"] as const)
    .filter((action) => counts[action] > 0)
    .map((action) => `${counts[action]} ${DONE[action]}`);
  if (parts.length > 0) return parts.join(", ");
  return outputs.length > 0 ? "only outputs change" : "no changes";
}

function notReviewed(addresses: readonly string[]): string[] {
  if (addresses.length === 0) return [];
  return [
    "> [!CAUTION]",
    "> **This is not the plan that was reviewed.** Since then something else differs:",
    ...addresses.map((address) => `> - ${code(address)}`),
    "",
  ];
}

function warning(losses: readonly Loss[], allowed: boolean): string[] {
  if (losses.length === 0) return [];
  return [
    allowed ? "> [!WARNING]" : "> [!CAUTION]",
    `> **This plan deletes data for good${allowed ? ", and that is allowed" : ""}.**`,
    ...losses.map((loss) => `> - ${lossOf(loss)}`),
    "",
  ];
}

function lossOf({ address, how, because: reasons, lost, twin }: Loss): string {
  const twinHint =
    twin === undefined
      ? ""
      : ` Is ${code(twin)} the same one under a new address? Then move it in the state (${code("terraform state mv")}), and nothing is lost.`;
  return `${code(address)} is ${how}${reasonsOf(reasons)}. Lost: ${lost}.${twinHint}`;
}

function resources(heading: string, changes: readonly ResourceReview[]): string[] {
  return section(
    changes.length > 0 ? `${heading} (${changes.length})` : heading,
    changes.flatMap((change) => [
      `- ${code(change.address)}${because(change)}`,
      ...details(change).map((detail) => `  ${detail}`),
    ]),
  );
}

function because({ because: reasons, movedFrom }: ResourceReview): string {
  return `${reasonsOf(reasons)}${movedFrom === undefined ? "" : `, moved from ${code(movedFrom)}`}`;
}

function reasonsOf(reasons: readonly string[]): string {
  return reasons.length > 0 ? `, because of ${reasons.map(code).join(", ")}` : "";
}

function details({ action, movedFrom, attributes, added, removed, ...change }: ResourceReview): string[] {
  const lines = [...(change.code === undefined ? [] : ["- code"]), ...attributes.map(attribute)];
  if (action === "change" && added.length + removed.length > 0) lines.push("- permissions: see above");
  if (action !== "change" || lines.length > 0 || movedFrom !== undefined) return lines;
  return ["- only values that are known after apply"];
}

function attribute({ path, before, after }: AttributeChange): string {
  return `- ${code(path)}: ${code(before)} → ${code(after)}`;
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
