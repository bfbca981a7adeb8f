import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type HandlerFile, handlersOf } from "../destinations/handlers.ts";

/**
 * The team's own code by event type; it is used where the destination's kind is `handlers`. Every other file in this
 * folder is a handler, found by being there. What handlers share goes into a folder in it.
 *
 * This file reads the folder. A bundle, which has no folder, gets a list of the same files in its place:
 * infra/handler-files.ts.
 */
export const handlers = handlersOf(await handlerFiles(import.meta.dirname));

async function handlerFiles(folder: string): Promise<(readonly [string, HandlerFile])[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".ts") && name !== "index.ts").sort();
  return Promise.all(
    names.map(async (name) => {
      const file = (await import(pathToFileURL(join(folder, name)).href)) as HandlerFile;
      return [name, file] as const;
    }),
  );
}
