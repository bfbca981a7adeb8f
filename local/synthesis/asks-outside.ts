import { isBuiltin } from "node:module";
import { join } from "node:path";

/** Files of the project that only write, ask what a digest of the inputs holds anyway, or quote an import. */
export const KNOWN_ASKERS: ReadonlySet<string> = new Set([
  "infra/artifact.ts",
  "infra/build.ts",
  "infra/bundle.ts",
  "infra/handler-files.ts",
  "infra/provider-lock.ts",
  "infra/scanner-files.ts",
  "infra/synthesise.ts",
  "infra/zip.ts",
]);

/** Where a synthesis begins: whoever wants a file or a package to have its say may write it there, too. */
const ENTRY = "main.ts";
/** The entry keeps what Node has made of the code by it. */
const CACHES = "node:module";

/** What a file imports, by whichever way. */
const IMPORTED = /\b(?:from|import|require|importModule)\s*\(?\s*["'`]([^"'`\n]+)["'`]/g;
/** An import of whatever somebody has worked out. */
const COMPUTED = /\b(?:import|require)\s*\(\s*[^"'`\s]/;
/** Node's modules that answer the same each time. */
const PURE = /^(?:node:)?(?:assert|buffer|path|querystring|url|util)(?:\/|$)/;
/** The packages that make stacks. Another one may read what it likes, as `dotenv` does. */
const MAKERS =
  /^(?:cdktf|cdktn|constructs|esbuild|fflate|zod|@cdktf\/provider-aws|@cdktn\/provider-aws)(?:\/|$)/;
/** What answers differently each time. */
const CHANGING = /\b(?:Date|Temporal|fetch|performance|random\w*|hrtime|getBuiltinModule|eval|Function)\b/;

/**
 * Whether a file that takes part in a synthesis may let something else have its say than the project's files, packages
 * and variables. In doubt it may. What runs in Lambda may ask for the time, and does so there: only what makes the
 * stack may not.
 *
 * @param file from the checkout's root
 * @param known files that are trusted
 */
export function asksOutside(file: string, text: string, known = KNOWN_ASKERS): boolean {
  if (file === "tsconfig.json") return /"(?:extends|paths|baseUrl)"/.test(text);
  if (file === "node_modules/.package-lock.json") return /"link"\s*:\s*true/.test(text);
  if (!/\.[cm]?[jt]sx?$/.test(file) || known.has(file)) return false;
  const imported = [...text.matchAll(IMPORTED)].map(([, specifier = ""]) => specifier);
  if (imported.some((specifier) => leavesRooms(file, specifier))) return true;
  if (file !== ENTRY && !file.startsWith("infra/")) return false;
  const foreign = imported.filter(isForeign).filter((specifier) => file !== ENTRY || specifier !== CACHES);
  return CHANGING.test(text) || COMPUTED.test(text) || foreign.length > 0;
}

function leavesRooms(file: string, specifier: string): boolean {
  if (/^(?:\/|file:|data:|https?:|#)/.test(specifier)) return true;
  return specifier.startsWith(".") && !/^(?:contract|functions|infra)\//.test(join(file, "..", specifier));
}

function isForeign(specifier: string): boolean {
  if (specifier.startsWith(".")) return false;
  return isBuiltin(specifier) ? !PURE.test(specifier) : !MAKERS.test(specifier);
}
