import { basename } from "node:path";
import { type BuildOptions, build, type Metafile } from "esbuild";
import type { FunctionName } from "../contract/environment.ts";
import { handlerFiles } from "./handler-files.ts";

/** A function's files by name. */
export type Bundle = ReadonlyMap<string, Uint8Array>;

/** Source maps by the name of the output that each is of. An entry is named after its function: `processor.mjs.map`. */
export type SourceMaps = ReadonlyMap<string, Uint8Array>;

/** The file whose `handler` Lambda calls. */
const ENTRY = "index.mjs";

/**
 * Functions as ES modules for Lambda: `index.mjs` each, and a chunk for everything that is loaded later by
 * `import()` or that functions share. One build for all of them parses the SDK once; a function gets the
 * chunks that it reaches, and no code but its own. Names and bytes are the same wherever the repository lies.
 *
 * @param root the repository's root
 * @throws with esbuild's own report where the code does not build
 */
export async function bundle<F extends FunctionName>(
  root: string,
  names: readonly F[],
): Promise<Readonly<Record<F, Bundle>>> {
  return (await bundleWithMaps(root, names)).bundles;
}

/**
 * The same code, and source maps, which no bundle knows of; their sources are relative to a folder in the root. The
 * chunks have other names than without: esbuild's hash takes in the maps.
 */
export async function bundleWithMaps<F extends FunctionName>(
  root: string,
  names: readonly F[],
): Promise<{ readonly bundles: Readonly<Record<F, Bundle>>; readonly sourceMaps: SourceMaps }> {
  const { outputFiles, metafile } = await build({ ...bundleOptions(root, names), ...EXTERNAL_MAPS });
  const contents = new Map(outputFiles.map((file) => [basename(file.path), file.contents]));
  const bundles = names.map((name) => {
    const files = reachable(metafile, entryOf(name), ["import-statement", "dynamic-import"]);
    return [name, new Map(files.map((file) => [nameIn(name, file), contents.get(basename(file))]))];
  });
  const sourceMaps = new Map([...contents].filter(([name]) => name.endsWith(".map")));
  return { bundles: Object.fromEntries(bundles), sourceMaps };
}

/** Maps beside the outputs, whose bytes stay what they are without. */
const EXTERNAL_MAPS = { sourcemap: "external", sourcesContent: false } as const;

/** How esbuild makes it; the report on the bundles builds with the same. */
export function bundleOptions(root: string, names: readonly FunctionName[]) {
  return {
    absWorkingDir: root,
    entryPoints: Object.fromEntries(names.map((name) => [name, `functions/${name}/index.ts`])),
    outdir: "bundle", // nothing is written there: it only names the outputs
    write: false,
    metafile: true,
    bundle: true,
    platform: "node",
    target: "node22",
    format: "esm",
    splitting: true,
    minify: true,
    mainFields: ["module", "main"], // half the load time of esbuild's default for Node
    outExtension: { ".js": ".mjs" },
    plugins: [handlerFiles(root)],
    legalComments: "none",
    logLevel: "silent",
    // CommonJS packages in the bundle call require() for Node's own modules.
    banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
  } satisfies BuildOptions;
}

/** A function's entry among the outputs. */
export function entryOf(name: FunctionName): string {
  return `bundle/${name}.mjs`;
}

/** The outputs that `entry` imports in one of the given ways, those that they import, and itself. */
export function reachable({ outputs }: Metafile, entry: string, kinds: readonly string[]): string[] {
  const seen = new Set([entry]);
  for (const file of seen) {
    for (const { path, kind, external } of outputs[file]?.imports ?? []) {
      if (kinds.includes(kind) && !external) seen.add(path);
    }
  }
  return [...seen];
}

function nameIn(name: FunctionName, file: string): string {
  return file === entryOf(name) ? ENTRY : basename(file);
}
