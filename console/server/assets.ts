import { readFile } from "node:fs/promises";
import { join } from "node:path";

export interface Asset {
  readonly type: string;
  readonly body: string | Uint8Array;
}

const PAGE = join(import.meta.dirname, "..", "page");

/** The page's files by their paths, made in memory. They hold no secret, and are the same for everybody. */
export async function buildAssets(): Promise<ReadonlyMap<string, Asset>> {
  const { build } = await import("esbuild");
  const [{ outputFiles }, html, icon] = await Promise.all([
    build({
      entryPoints: { page: join(PAGE, "main.tsx") },
      bundle: true,
      write: false,
      outdir: "/",
      format: "esm",
      target: "es2022",
      jsx: "automatic",
      jsxImportSource: "preact",
      minify: true,
      legalComments: "none",
      logLevel: "silent",
    }),
    readFile(join(PAGE, "index.html")),
    readFile(join(PAGE, "icon.svg")),
  ]);
  const made = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.contents ?? "";
  return new Map([
    ["/", { type: "text/html; charset=utf-8", body: html }],
    ["/page.js", { type: "text/javascript; charset=utf-8", body: made(".js") }],
    ["/page.css", { type: "text/css; charset=utf-8", body: made(".css") }],
    ["/icon.svg", { type: "image/svg+xml", body: icon }],
  ]);
}
