import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/**
 * Synthesises the repository's stacks, as a deployment would.
 *
 * @returns where the environment's `cdk.tf.json` is
 * @throws {Error} with what the synthesis had to say
 */
export async function synthesise(environment: string): Promise<string> {
  const root = join(import.meta.dirname, "..");
  const child = spawn(process.execPath, [join(root, "main.ts")], {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`The stack does not synthesise:\n${said.trim()}`);
  process.stderr.write(said); // warnings
  return join(root, "cdktf.out", "stacks", environment, "cdk.tf.json");
}
