import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REPOSITORY } from "../support/repository.ts";

/** What a copy does without: what is big, what is made, and what is another tool's. */
const LEFT_OUT = new Set(["node_modules", "cdktf.out", ".git", ".local"]);
/** Longer than any of the tests takes on a busy machine: a bug that hangs them is noticed. */
const TIMEOUT_MILLISECONDS = 180_000;
const KEPT_CHARACTERS = 4_000;

export interface TestRun {
  readonly passed: boolean;
  /** The end of what jest said. */
  readonly said: string;
}

/** A copy of the repository to plant bugs in, with its packages; nothing of it outlives the process. */
export class Copy {
  readonly #folder: string;
  #child: ChildProcess | undefined;

  private constructor(folder: string) {
    this.#folder = folder;
    process.once("exit", () => this.remove());
  }

  static async make(): Promise<Copy> {
    const copy = new Copy(await mkdtemp(join(tmpdir(), "mutations-")));
    const folder = copy.#folder;
    for (const name of await readdir(REPOSITORY)) {
      if (!LEFT_OUT.has(name)) await cp(join(REPOSITORY, name), join(folder, name), { recursive: true });
    }
    await symlink(join(REPOSITORY, "node_modules"), join(folder, "node_modules"));
    return copy;
  }

  read(file: string): Promise<string> {
    return readFile(join(this.#folder, file), "utf8");
  }

  write(file: string, text: string): Promise<void> {
    return writeFile(join(this.#folder, file), text);
  }

  /** Runs test files; a run that does not come to its end has not passed. */
  async test(files: readonly string[]): Promise<TestRun> {
    const jest = join(this.#folder, "node_modules", "jest", "bin", "jest.js");
    const options = [
      "--maxWorkers=1",
      "--bail",
      "--forceExit",
      `--cacheDirectory=${join(this.#folder, ".jest")}`,
    ];
    // A group of its own: whatever a test has started ends with it.
    const child = spawn(process.execPath, [jest, ...options, ...files], {
      cwd: this.#folder,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said = (said + text).slice(-KEPT_CHARACTERS);
      });
    }
    const timer = setTimeout(() => this.#kill(), TIMEOUT_MILLISECONDS);
    try {
      const [code] = (await once(child, "close")) as [number | null];
      return { passed: code === 0, said };
    } finally {
      clearTimeout(timer);
      this.#kill();
      this.#child = undefined;
    }
  }

  /** Ends what is running, and deletes the copy. */
  remove(): void {
    this.#kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #kill(): void {
    const { pid } = this.#child ?? {};
    if (pid === undefined) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // It has ended already, and all that it started with it.
    }
  }
}
