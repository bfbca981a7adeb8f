import { type Finding, isMet } from "./finding.ts";

const WIDTH = 56;

/**
 * The findings as a table for people: check | asked | found | ok. A resource that is wholly as asked takes one
 * row; a difference takes a row of its own.
 *
 * @param every a row for every property
 */
export function table(findings: readonly Finding[], every = false): string {
  const rows = every ? findings.map(row) : [...byResource(findings).values()].flatMap(rowsOfResource);
  const lines = [["check", "asked", "found", "ok"], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const rule = widths.map((width) => "─".repeat(width));
  return [lines[0] ?? [], rule, ...rows]
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Both sides of every difference in full, for the table cuts them. */
export function differences(findings: readonly Finding[]): string {
  return findings
    .filter((finding) => !isMet(finding))
    .map(
      (finding) =>
        `${finding.resource} ${finding.property}\n  asked ${written(finding.asked)}\n  found ${written(finding.found)}`,
    )
    .join("\n");
}

function byResource(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    groups.set(finding.resource, [...(groups.get(finding.resource) ?? []), finding]);
  }
  return groups;
}

function rowsOfResource(findings: readonly Finding[]): string[][] {
  const met = findings.filter(isMet);
  const different = findings.filter((finding) => !isMet(finding)).map(row);
  if (met.length <= 1) return [...met.map(row), ...different];
  const values = met.map((finding) => `${finding.property} ${short(finding.asked)}`).join(" · ");
  return [[met[0]?.resource ?? "", cut(`${met.length}: ${values}`), "the same", "ok"], ...different];
}

function row(finding: Finding): string[] {
  const met = isMet(finding);
  return [
    `${finding.resource} ${finding.property}`,
    cut(short(finding.asked)),
    met ? "the same" : cut(short(finding.found)),
    met ? "ok" : "DIFFERS",
  ];
}

function short(value: unknown): string {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const { length } = Object.keys(value);
    if (length === 0) return "none";
    if (length > 4) return `${length} entries`;
  }
  return written(value);
}

/** One line, no wider than a column. */
function cut(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line;
}

function written(value: unknown): string {
  if (value === undefined) return "nothing";
  return typeof value === "string" ? value : JSON.stringify(value);
}
