import type { LocalStack } from "./stack/model.ts";

/**
 * What a person should know of where functions run here: on the project's Node, whatever runtime they are deployed to.
 *
 * @param version of Node, as in `process.versions.node`
 * @returns nothing where the two are the same
 */
export function runtimeNote(
  { functions }: Pick<LocalStack, "functions">,
  version: string,
): string | undefined {
  const here = `nodejs${version.split(".")[0]}.x`;
  const others = new Set(functions.map(({ runtime }) => runtime).filter((runtime) => runtime !== here));
  if (others.size === 0) return undefined;
  return `runs the functions on Node ${version}; deployed they run on ${[...others].join(", ")}`;
}
