import { visible } from "../../contract/plain-text.ts";

/**
 * Text of any origin, safe in Markdown: within a code span neither HTML nor a mention, a link or emphasis means
 * anything. Line breaks, controls and marks that turn the direction of text are written out, so that nothing is
 * hidden and nothing leaves its line.
 */
export function code(text: string): string {
  const line = visible(text);
  if (line === "") return "(empty)";
  const fence = "`".repeat(longestRun(line) + 1);
  const pad = line.startsWith("`") || line.endsWith("`") || line.trim() !== line ? " " : "";
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Lines of any origin as a block of code, in colours where `language` is `diff`. */
export function block(language: string, lines: readonly string[]): string[] {
  const safe = lines.map(visible);
  const fence = "`".repeat(Math.max(3, ...safe.map((line) => longestRun(line) + 1)));
  return [`${fence}${language}`, ...safe, fence];
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
