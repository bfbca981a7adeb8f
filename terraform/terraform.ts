import { execFile, spawn } from "node:child_process";
import { access, readdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { defined } from "../contract/defined.ts";
import { isAtLeast } from "../contract/versions.ts";

const exec = promisify(execFile);
const PROVIDER = join("registry.terraform.io", "hashicorp", "aws");

export type FoundTerraform =
  | {
      readonly command: string;
      readonly env: Readonly<Record<string, string>>;
      /** The newest AWS provider of the local mirror, `5.100.0`; absent where there is no mirror. */
      readonly provider?: string;
    }
  | { readonly missing: string };

/**
 * Terraform on this machine, and the environment to run it in: no call home, and the AWS provider from a local
 * mirror where there is one (`TF_PLUGIN_MIRROR`, or found by search), so that it runs without a network.
 *
 * @param directory a folder of the caller's, where Terraform's own configuration is written
 * @param search whether to look for a mirror on the whole disk, which a person at work should not wait for
 */
export async function findTerraform(directory: string, search = true): Promise<FoundTerraform> {
  const command = await findCommand("terraform");
  if (command === undefined) return { missing: "there is no terraform on the PATH" };
  const env = { CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1", TF_INPUT: "0" };
  const mirror = process.env["TF_PLUGIN_MIRROR"] ?? (search ? await searchMirror() : undefined);
  if (mirror === undefined) return { command, env };
  const configuration = join(directory, "mirror.tfrc");
  await writeFile(
    configuration,
    `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
  );
  const provider = await newestProvider(mirror);
  return { command, env: { ...env, TF_CLI_CONFIG_FILE: configuration }, ...defined({ provider }) };
}

/** A mirror holds folders named by version, or archives: `terraform-provider-aws_5.100.0_linux_amd64.zip`. */
async function newestProvider(mirror: string): Promise<string | undefined> {
  const names = await readdir(join(mirror, PROVIDER)).catch((): string[] => []);
  const versions = names.flatMap((name) => /(?:^|_)(\d+\.\d+\.\d+)(?:_|$)/.exec(name)?.[1] ?? []);
  return versions.reduce<string | undefined>(
    (newest, version) => (newest !== undefined && isAtLeast(newest, version) ? newest : version),
    undefined,
  );
}

export interface TerraformResult {
  /** With `-detailed-exitcode`, 2 means that a plan has changes. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs Terraform in `directory`. A failure is a result, not a throw: its output is what one wants to see.
 *
 * @param interrupted asks Terraform to end, as Ctrl-C does: it finishes what it is at, notes it, and unlocks
 */
export function terraform(
  found: Extract<FoundTerraform, { command: string }>,
  directory: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  interrupted?: AbortSignal,
): Promise<TerraformResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(found.command, args, {
      cwd: directory,
      env: { ...process.env, ...found.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, where a terminal's Ctrl-C does not reach: a second one makes Terraform give up at once.
      detached: interrupted !== undefined,
    });
    const interrupt = () => child.kill("SIGINT");
    if (interrupted?.aborted) interrupt();
    interrupted?.addEventListener("abort", interrupt, { once: true });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      interrupted?.removeEventListener("abort", interrupt);
      resolve({ code: code ?? 1, stdout, stderr });
    });
  });
}

async function findCommand(name: string): Promise<string | undefined> {
  for (const directory of (process.env["PATH"] ?? "").split(delimiter)) {
    const path = join(directory, name);
    if (directory !== "" && (await exists(path))) return path;
  }
  return undefined;
}

/**
 * The mirror's root. `find` does not leave the root file system's disk folders, and skips what other runs
 * have installed for themselves: a `.terraform` folder may go at any moment, and Terraform refuses a mirror
 * that is its own plugin cache.
 */
async function searchMirror(): Promise<string | undefined> {
  const skipped = ["/proc", "/sys", "/dev", "*/node_modules", "*/.terraform", "*/plugin-cache", "*/.git"];
  const prune = skipped.flatMap((path, i) => [...(i === 0 ? [] : ["-o"]), "-path", path]);
  const { stdout } = await exec("find", [
    "/",
    "(",
    ...prune,
    ")",
    "-prune",
    "-o",
    "-type",
    "d",
    "-path",
    `*/${PROVIDER}`,
    "-print",
    "-quit",
  ]).catch((error: { stdout?: string }) => ({ stdout: error.stdout ?? "" })); // unreadable folders end in exit 1
  const found = stdout.split("\n")[0] ?? "";
  return found === "" ? undefined : found.slice(0, -PROVIDER.length - 1);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
