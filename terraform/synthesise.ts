import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { CommandError } from "../contract/command-error.ts";

const ROOT = join(import.meta.dirname, "..");

/**
 * Synthesises the stacks of a checkout in a process of its own, as every deployment does.
 *
 * @param checkout its folder, by default this one's
 * @param interrupted ends it
 * @param output where to. @default `cdktf.out`, or where CDKTF_OUTDIR says
 * @param sourceMaps a folder for the functions' source maps. @default none are made
 * @returns what it had to say: warnings
 * @throws {CommandError} with what it had to say where the configuration is not usable
 * @throws the signal's reason
 */
export async function synthesise({
  checkout = ROOT,
  interrupted,
  output,
  sourceMaps,
}: {
  readonly checkout?: string;
  readonly interrupted?: AbortSignal;
  readonly output?: string;
  readonly sourceMaps?: string;
} = {}): Promise<string> {
  interrupted?.throwIfAborted();
  const maps = sourceMaps === undefined ? [] : ["--source-maps", sourceMaps];
  const into = output === undefined ? [] : ["--output", output];
  const child = spawn(process.execPath, ["main.ts", ...maps, ...into], {
    cwd: checkout,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const end = () => child.kill();
  interrupted?.addEventListener("abort", end, { once: true });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const [code] = (await once(child, "close")) as [number | null];
  interrupted?.removeEventListener("abort", end);
  interrupted?.throwIfAborted();
  if (code !== 0) throw new CommandError(`The stack does not synthesise:\n${said.trim()}`, "");
  return said;
}

/** The folder that a synthesis of a checkout, by default this one, writes an environment's stack to. */
export function stackDirectory(environment: string, checkout = ROOT): string {
  return join(checkout, "cdktf.out", "stacks", environment);
}
