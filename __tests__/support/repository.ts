import { execFile } from "node:child_process";
import { copyFileSync, linkSync, mkdirSync, readdirSync } from "node:fs";
import { cp, mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { join, relative } from "node:path";

/** The repository that the tests belong to. */
export const REPOSITORY = join(import.meta.dirname, "..", "..");

const SYNTHESISED_FROM = ["main.ts", "cdktf.json", "package.json", "contract", "infra", "functions"];

/** The packages, or scopes, that end in the bundles; another one that does makes two folders' bundles differ. */
const BUNDLED = /^(@aws.*|@smithy|bowser|fast-xml-.*|mnemonist|obliterator|tslib|zod)$/;

/** Copies what synth reads, without packages. */
async function copySources(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const name of SYNTHESISED_FROM) {
    await cp(join(REPOSITORY, name), join(directory, name), { recursive: true });
  }
}

/** A copy to make changes to, with the repository's own packages, and with other rooms where they are named. */
export async function copyToChange(directory: string, ...rooms: string[]): Promise<void> {
  await copySources(directory);
  for (const room of rooms) await cp(join(REPOSITORY, room), join(directory, room), { recursive: true });
  await symlink(join(REPOSITORY, "node_modules"), join(directory, "node_modules"));
}

/**
 * Copies all that synth reads. Packages are symbolic links; those that are bundled are files of the copy, as
 * after an install, since esbuild follows a link to where the file really lies.
 */
export async function copyRepository(directory: string): Promise<void> {
  await copySources(directory);
  const [from, to] = [join(REPOSITORY, "node_modules"), join(directory, "node_modules")];
  await mkdir(to);
  for (const name of await readdir(from)) {
    if (BUNDLED.test(name)) linkFiles(join(from, name), join(to, name));
    else await symlink(join(from, name), join(to, name));
  }
}

/** Hard links, thousands of them: the synchronous calls are far faster. */
function linkFiles(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkFiles(source, target);
    else linkOrCopy(source, target);
  }
}

function linkOrCopy(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target); // another file system
  }
}

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `node main.ts` in `root`; what it writes goes to `outdir`. */
export function synth(
  root: string,
  outdir: string,
  options: { readonly nodeArgs?: readonly string[]; readonly env?: Record<string, string> } = {},
): Promise<Run> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...(options.nodeArgs ?? []), "main.ts"],
      { cwd: root, env: { ...process.env, NODE_OPTIONS: "", CDKTF_OUTDIR: outdir, ...options.env } },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

/** Every file below `directory`, by its path from there. */
export async function readTree(directory: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      files.sort().map(async (file) => [relative(directory, file), await readFile(file)] as const),
    ),
  );
}
