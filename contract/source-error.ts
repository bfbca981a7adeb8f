import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildFailure, Message } from "esbuild";

/**
 * What is wrong with a file that a person has written, one line for each mistake, each with file, line and column:
 * code that does not build, a configuration that does not parse, or one that fails while it is loaded.
 *
 * @param root the repository's root; paths are told from there
 * @param file a file whose imports are looked at where an error tells no place
 * @returns nothing for an error that comes from somewhere else
 */
export async function sourceError(
  error: unknown,
  root: string,
  file: string,
): Promise<readonly string[] | undefined> {
  if (isBuildFailure(error)) return error.errors.map(describe);
  if (!(error instanceof Error)) return undefined;
  if (error instanceof SyntaxError || "code" in error) {
    const found = await mistakesIn(root, file);
    if (found.length > 0) return found.map(describe);
  }
  const place = placeOf(error, root);
  return place === undefined ? undefined : [`${place}: ${error.message}`];
}

/** Node tells of TypeScript that it cannot read without saying where; esbuild says it. */
async function mistakesIn(root: string, file: string): Promise<readonly Message[]> {
  const { build } = await import("esbuild"); // nobody needs it where nothing is wrong
  try {
    const options = {
      bundle: true,
      write: false,
      packages: "external",
      platform: "node",
      format: "esm",
    } as const;
    await build({ ...options, absWorkingDir: root, entryPoints: [file], logLevel: "silent" });
    return [];
  } catch (error) {
    return isBuildFailure(error) ? error.errors : [];
  }
}

/** Of an error that a file outside of packages has thrown while it was loaded. */
function placeOf({ stack = "" }: Error, root: string): string | undefined {
  for (const [, url = "", place] of stack.matchAll(/(file:\/\/[^\s()]+?):(\d+:\d+)/g)) {
    const path = relative(root, fileURLToPath(url));
    if (path === "infra/environments.ts") return `${path}:${place}`;
  }
  return undefined;
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

function describe({ location, text }: Message): string {
  return location === null ? text : `${location.file}:${location.line}:${location.column + 1}: ${text}`;
}
