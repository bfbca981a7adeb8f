import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The words of a command line, as a shell reads them; the first, the command, is not run. */
export async function shellWords(line: string): Promise<string[]> {
  const [, rest] = /^\S+ (.*)$/s.exec(line) ?? [];
  const { stdout } = await promisify(execFile)("sh", ["-c", `printf '%s\\0' ${rest}`]);
  return stdout.split("\0").slice(0, -1);
}
