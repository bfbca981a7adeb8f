import { readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import { basename, join, posix } from "node:path";
import type { FunctionModel } from "../stack/model.ts";

const FRAME = /([\w.-]+\.mjs):(\d+):(\d+)\)?$/;

/**
 * Where something was thrown, in a file that a person has written: `functions/processor/handlers/summary.ts:12:5`.
 * The first frame outside of packages tells; nothing where there is none, or no map of it.
 *
 * @param trace an error's stack in the function's process, line by line
 * @param sourceMaps the folder to which synth has written them
 */
export function placeIn(
  trace: readonly string[],
  { zip }: Pick<FunctionModel, "zip">,
  sourceMaps: string,
): string | undefined {
  for (const line of trace) {
    const [, file = "", row, column] = FRAME.exec(line) ?? [];
    if (file === "") continue;
    const name = file === "index.mjs" ? `${basename(zip, ".zip")}.mjs` : file;
    const place = originalPlace(join(sourceMaps, `${name}.map`), Number(row), Number(column));
    if (place !== undefined && !place.startsWith("node_modules/")) return place;
  }
  return undefined;
}

function originalPlace(map: string, row: number, column: number): string | undefined {
  let payload: SourceMapPayload;
  try {
    payload = JSON.parse(readFileSync(map, "utf8")) as SourceMapPayload;
  } catch {
    return undefined; // the code is of an earlier synth, or of somebody else's
  }
  const entry = new SourceMap(payload).findEntry(row - 1, column - 1);
  if (!("originalSource" in entry)) return undefined;
  const file = posix.join("bundle", entry.originalSource); // the map lies in a folder of the root
  return `${file}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
}
