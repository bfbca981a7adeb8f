import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Terraform } from "./terraform.ts";

/** The AWS provider as one process for many commands. */
export interface KeptProvider {
  /** Terraform, its commands using that process. `init` installs no provider then. */
  readonly terraform: Terraform;
  stop(): Promise<void>;
}

/** It ends with its standard input: it never outlives who started it. */
const UNTIL_STDIN_ENDS = 'exec 3<&0; { read -r _ <&3; kill $$; } & exec "$0" -debug </dev/null 3<&-';

/**
 * Starts the provider that `terraform init` has installed in `directory`, the way its developers attach a
 * debugger to it. Terraform otherwise starts it anew for each command, which takes longer than most commands.
 * The files that a stack names are looked for in `directory`.
 *
 * @param env the provider's surroundings: what a command sets comes too late for it
 * @throws {Error} when it is not there, or, with its last words, when it does not start
 */
export async function keepProvider(
  terraform: Terraform,
  directory: string,
  env: Readonly<Record<string, string>> = {},
): Promise<KeptProvider> {
  const binary = await installedIn(directory);
  const child = spawn("sh", ["-c", UNTIL_STDIN_ENDS, binary], {
    cwd: directory,
    // Configured a second time, it keeps its HTTP client, and cannot add the bundle to that.
    env: { ...process.env, AWS_CA_BUNDLE: undefined, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const closed = once(child, "close");
  let said = "";
  const attach = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said = (said + text).slice(-4_000);
        const [, address] = /TF_REATTACH_PROVIDERS='([^']+)'/.exec(said) ?? [];
        if (address !== undefined) resolve(address);
      });
    }
    closed.then(() => reject(new Error(`The provider did not start:\n${said}`)), reject);
  });
  return {
    terraform: { ...terraform, env: { ...terraform.env, TF_REATTACH_PROVIDERS: attach } },
    async stop() {
      child.stdin.end();
      await closed;
    },
  };
}

async function installedIn(directory: string): Promise<string> {
  let path = join(directory, ".terraform", "providers", "registry.terraform.io", "hashicorp", "aws");
  for (const prefix of ["", "", "terraform-provider-aws"]) {
    // version, platform, program
    const name = (await readdir(path)).find((each) => each.startsWith(prefix));
    if (name === undefined) throw new Error(`There is no provider in ${path}.`);
    path = join(path, name);
  }
  return path;
}
