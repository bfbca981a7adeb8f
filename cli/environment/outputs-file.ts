import { readFile } from "node:fs/promises";
import { UsageError } from "../../contract/command-error.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * One stack's outputs: out of what `cdktf deploy --outputs-file` wrote, which has every stack's by name, or out
 * of what `terraform output -json` printed.
 *
 * @param environment the stack's name; not needed where there is one stack only
 * @throws {UsageError} where the file does not have them
 */
export async function readOutputsFile(file: string, environment: string | undefined): Promise<Json> {
  const json = await read(file);
  if (isTerraformOutput(json)) return valuesOf(json);
  const names = Object.keys(json);
  const name = environment ?? (names.length === 1 ? names[0] : undefined);
  const outputs = name === undefined ? undefined : json[name];
  if (typeof outputs === "object" && outputs !== null) return outputs as Json;
  throw new UsageError(
    environment === undefined
      ? `${file} has outputs of several stacks.`
      : `${file} has no outputs of ${environment}.`,
    `Name one with --environment: ${names.join(", ")}.`,
  );
}

/** What `terraform output -json` prints: each value beside its type. */
export function valuesOf(json: Json): Json {
  return Object.fromEntries(
    Object.entries(json).map(([name, output]) => [name, (output as { value?: unknown } | null)?.value]),
  );
}

function isTerraformOutput(json: Json): boolean {
  const [first] = Object.values(json);
  return typeof first === "object" && first !== null && "sensitive" in first && "value" in first;
}

async function read(file: string): Promise<Json> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    const what = error.code === "ENOENT" ? "There is no file" : `${error.code}: cannot read`;
    throw new UsageError(`${what} ${file}.`, "cdktf deploy writes it with --outputs-file FILE.");
  });
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === "object" && json !== null) return json as Json;
  } catch {
    // said below
  }
  throw new UsageError(`${file} holds no outputs.`, "cdktf deploy writes them with --outputs-file FILE.");
}
