import { basename } from "node:path";
import { type BuildOptions, build } from "esbuild";
import type { FunctionName } from "../contract/environment.ts";

/**
 * One function as ES modules for Lambda: `index.mjs`, and a chunk for everything that it loads later by
 * `import()`. Names and bytes are the same wherever the repository lies.
 *
 * @param root the repository's root
 * @throws with esbuild's own report where the code does not build
 */
export async function bundle(root: string, name: FunctionName): Promise<ReadonlyMap<string, Uint8Array>> {
  const { outputFiles } = await build(bundleOptions(root, name));
  return new Map(outputFiles.map((file) => [basename(file.path), file.contents]));
}

/** How esbuild makes it; the report on the bundles builds with the same. */
export function bundleOptions(root: string, name: FunctionName) {
  return {
    absWorkingDir: root,
    entryPoints: { index: `functions/${name}/index.ts` },
    outdir: "bundle", // nothing is written there: it only names the outputs
    write: false,
    bundle: true,
    platform: "node",
    target: "node22",
    format: "esm",
    splitting: true,
    minify: true,
    mainFields: ["module", "main"], // half the load time of esbuild's default for Node
    outExtension: { ".js": ".mjs" },
    legalComments: "none",
    logLevel: "silent",
    // CommonJS packages in the bundle call require() for Node's own modules.
    banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
  } satisfies BuildOptions;
}
