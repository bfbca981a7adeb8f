import { dirname, resolve } from "node:path";
import { readStack } from "../stack/read.ts";

/** A synthesised stack as two things: its functions' code, and everything else. */
export interface StackCode {
  /** By function name. */
  readonly zips: ReadonlyMap<string, { readonly path: string; readonly sha256: string }>;
  /** Equal texts: nothing but code differs. */
  readonly rest: string;
}

/** @throws what `readStack` throws */
export async function readStackCode(stackFile: string): Promise<StackCode> {
  const { resources, outputs } = await readStack(stackFile);
  const zips = new Map<string, { path: string; sha256: string }>();
  const others = resources.map(({ attributes, ...resource }) => {
    if (resource.type !== "aws_lambda_function") return { ...resource, attributes };
    const { filename, source_code_hash: sha256, ...settings } = attributes;
    const path = resolve(dirname(stackFile), String(filename));
    zips.set(String(settings["function_name"]), { path, sha256: String(sha256) });
    return { ...resource, attributes: settings };
  });
  return { zips, rest: JSON.stringify([others, outputs]) };
}
