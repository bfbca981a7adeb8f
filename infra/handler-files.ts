import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "esbuild";

const FOLDER = "functions/processor/handlers";

/**
 * Puts a list of the team's handlers in the place of the file that reads their folder, `index.ts`: in Lambda there is
 * no folder to read. In the order of their names, so that the bundle is the same everywhere.
 */
export function handlerFiles(root: string): Plugin {
  return {
    name: "handler-files",
    setup({ onLoad }) {
      onLoad({ filter: /handlers[\\/]index\.ts$/ }, async ({ path }) => {
        if (path !== join(root, FOLDER, "index.ts")) return undefined;
        const names = (await readdir(join(root, FOLDER))).filter(isHandler).sort();
        return { contents: listOf(names), loader: "ts", resolveDir: join(root, FOLDER) };
      });
    },
  };
}

function isHandler(name: string): boolean {
  return name.endsWith(".ts") && name !== "index.ts";
}

function listOf(names: readonly string[]): string {
  return [
    'import { handlersOf } from "../destinations/handlers.ts";',
    ...names.map(
      (name, index) =>
        `import { eventType as eventType${index}, handle as handle${index} } from ${JSON.stringify(`./${name}`)};`,
    ),
    "export const handlers = handlersOf([",
    ...names.map(
      (name, index) =>
        `  [${JSON.stringify(name)}, { eventType: eventType${index}, handle: handle${index} }],`,
    ),
    "]);",
  ].join("\n");
}
