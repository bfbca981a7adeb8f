import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, type Metafile } from "esbuild";
import { type FunctionName, functionNames } from "../../contract/environment.ts";
import { bundleOptions, entryOf, reachable } from "../../infra/bundle.ts";

/**
 * What a function's bundle weighs and what it loads at init, for every function:
 *
 *   node __tests__/benchmarks/bundle-report.ts           prints it
 *   node __tests__/benchmarks/bundle-report.ts --write   records it in __tests__/benchmarks/bundle-report.json, which a test compares
 */
export interface BundleReport {
  /** Bytes of `index.mjs` and of every chunk that it imports statically. */
  readonly initBytes: number;
  /** Packages that are loaded at init. */
  readonly initPackages: readonly string[];
  /** Bytes of what is loaded later, when it is first used, or never. */
  readonly lazyBytes: number;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
export const recordFile = fileURLToPath(new URL("bundle-report.json", import.meta.url));

export async function reportBundles(): Promise<Record<string, BundleReport>> {
  const { metafile } = await build(bundleOptions(root, functionNames));
  return Object.fromEntries(functionNames.map((name) => [name, reportBundle(metafile, name)]));
}

function reportBundle(metafile: Metafile, name: FunctionName): BundleReport {
  const initFiles = reachable(metafile, entryOf(name), ["import-statement"]);
  const allFiles = reachable(metafile, entryOf(name), ["import-statement", "dynamic-import"]);
  const bytesOf = (files: readonly string[]) =>
    files.reduce((sum, file) => sum + (metafile.outputs[file]?.bytes ?? 0), 0);
  const initBytes = bytesOf(initFiles);
  return {
    initBytes,
    initPackages: packagesIn(metafile, initFiles),
    lazyBytes: bytesOf(allFiles) - initBytes,
  };
}

export async function recordedBundles(): Promise<Record<string, BundleReport>> {
  return JSON.parse(await readFile(recordFile, "utf8"));
}

function packagesIn({ outputs }: Metafile, files: readonly string[]): string[] {
  const inputs = files.flatMap((file) => Object.entries(outputs[file]?.inputs ?? {}));
  const loaded = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([input]) => input);
  const packages = loaded.flatMap((input) => input.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []);
  return [...new Set(packages)].sort();
}

if (import.meta.main) {
  const text = `${JSON.stringify(await reportBundles(), null, 2)}\n`;
  if (process.argv.includes("--write")) await writeFile(recordFile, text);
  else process.stdout.write(text);
}
