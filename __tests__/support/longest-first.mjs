import { statSync } from "node:fs";
import { join, relative, sep } from "node:path";

/**
 * What takes longest, longest first: files and folders below __tests__/, by how their paths begin. jest starts
 * them first by itself only where it has run before: on a clean clone the longest could begin when all others
 * have ended.
 */
const LONGEST = [
  "deployment/review/plan",
  "e2e/process",
  "deployment/terraform/",
  "deployment/bootstrap/",
  "e2e/permissions",
  "e2e/secret-rotation",
  "e2e/genesys",
  "e2e/",
  "cli/dlq/",
  "cli/send",
  "cli/",
];

/** As jest wants one: the order that the files of a run are started in. */
export default class Sequencer {
  /** By the list, then by size: a longer file has more to do. */
  sort(tests) {
    const size = ({ path }) => statSync(path).size;
    const place = ({ path, context }) => {
      const name = relative(join(context.config.rootDir, "__tests__"), path).replaceAll(sep, "/");
      const found = LONGEST.findIndex((beginning) => name.startsWith(beginning));
      return found === -1 ? LONGEST.length : found;
    };
    return [...tests].sort((a, b) => place(a) - place(b) || size(b) - size(a));
  }

  /** Nothing is kept: the order is the same every time. */
  cacheResults() {}
}
