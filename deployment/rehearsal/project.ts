import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { stackDirectory, synthesise } from "../../terraform/synthesise.ts";
import { useKnownRuntime } from "./known-runtime.ts";
import type { Runner } from "./run.ts";
import { type Attributes, block, type SynthesisedStack } from "./stack.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** What a deployment reads, and no more: state, plans and output of the copy stay in the copy. */
const parts = [
  "main.ts",
  "cdktf.json",
  "package.json",
  "tsconfig.json",
  "contract",
  "infra",
  "functions",
  "deployment",
  "terraform",
  "cli",
];

/**
 * A copy of the project in which Terraform and the CLI can write as they like.
 *
 * @param provider the AWS provider that there is: what it does not know is said otherwise in the copy
 * @param guarded with the rehearsal's own environments in place of the team's
 */
export async function copyProject(
  directory: string,
  provider: string | undefined,
  guarded = false,
): Promise<string> {
  await mkdir(directory, { recursive: true });
  for (const part of parts) await cp(join(root, part), join(directory, part), { recursive: true });
  const own = join(root, "deployment", "rehearsal", "guarded-environments.ts");
  if (guarded) await cp(own, join(directory, "infra", "environments.ts"));
  await useKnownRuntime(directory, provider);
  await symlink(join(root, "node_modules"), join(directory, "node_modules"));
  return directory;
}

/** A program that npm has installed, e.g. the project's own Node or the CLI. */
function installed(name: string): string {
  return join(root, "node_modules", ".bin", name);
}

/** The operator's command, as a command for the runner. */
export function genesysDlq(args: readonly string[]) {
  return genesysDlqOf(root, args);
}

/** The command as a copy of the project has it, with the copy's environments. */
export function genesysDlqOf(project: string, args: readonly string[]) {
  return { command: installed("node"), args: [join(project, "cli", "genesys-dlq.mjs"), ...args] };
}

/** One environment's stack as it was synthesised. */
export interface StackFolder {
  readonly directory: string;
  readonly stack: SynthesisedStack;
  readonly region: string;
}

/**
 * Synthesises a copy of the project.
 *
 * @throws {Error} when it has no stack for the environment
 */
export async function synthesiseCopy(
  project: string,
  environment: string,
  runner: Runner,
): Promise<StackFolder> {
  await runner.step("synthesise", (interrupted) => synthesise({ checkout: project, interrupted }));
  const directory = stackDirectory(environment, project);
  const text = await readFile(join(directory, "cdk.tf.json"), "utf8").catch(() => {
    throw new Error(`there is no environment "${environment}".`);
  });
  const stack = JSON.parse(text) as SynthesisedStack;
  return { directory, stack, region: String(stack.provider["aws"]?.[0]?.["region"]) };
}

/**
 * Copies a synthesised stack and gives the copy a state of its own, whatever backend it asks for.
 *
 * @param state where: in a file beside it, or as the stack says where that is the emulator's S3
 */
export async function copyStack(
  folder: StackFolder,
  directory: string,
  state: "file" | "emulator" = "file",
): Promise<string> {
  await cp(folder.directory, directory, { recursive: true });
  const { cloud: _, ...rest } = folder.stack.terraform;
  const { kms_key_id: _key, assume_role: _role, ...s3 } = block(rest.backend?.["s3"]) ?? {};
  const backend =
    state === "emulator" && Object.keys(s3).length > 0
      ? { s3: { ...s3, use_path_style: true } } // the emulator has an address and no name
      : { local: { path: "rehearsal.tfstate" } };
  const terraform = { ...rest, backend };
  await writeFile(join(directory, "cdk.tf.json"), JSON.stringify({ ...folder.stack, terraform }, null, 2));
  return directory;
}

/** Why a stack cannot be deployed as it is without touching a state that others use; `undefined` if it can. */
export function foreignState(
  stack: SynthesisedStack,
  project: string,
  environment: string,
): string | undefined {
  if (stack.terraform.cloud !== undefined) return "its state is kept in HCP Terraform";
  const [kind = "default", settings] = Object.entries<unknown>(stack.terraform.backend ?? {})[0] ?? [];
  if (kind !== "local") return `its state is kept in the ${kind} backend`;
  const path = String((block(settings) as Attributes | undefined)?.["path"] ?? "terraform.tfstate");
  const outside = relative(project, resolve(stackDirectory(environment, project), path)).startsWith("..");
  return outside ? `its state file ${path} lies outside the project` : undefined;
}
