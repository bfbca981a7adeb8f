import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { REPOSITORY } from "./repository.ts";

const started: ChildProcess[] = [];
afterAll(() => {
  for (const { pid } of started) if (pid !== undefined && isThere(pid)) process.kill(-pid, "SIGKILL");
});

/** A process that runs, with everything that it starts: none of them outlives the test file. */
export interface Started {
  readonly pid: number;
  /** Everything that it has said, line by line. */
  readonly lines: string[];
  readonly exit: Promise<[code: number | null, signal: string | null]>;
  /** Resolves with the first line, said already or not, that matches; of those from a place on, where one is given. */
  until(pattern: RegExp, from?: number): Promise<string>;
}

/** Starts a command in a process group of its own, its output in pipes. */
export function launch(command: string, args: readonly string[], cwd = REPOSITORY): Started {
  const child = spawn(command, args, {
    cwd,
    detached: true,
    env: { PATH: process.env["PATH"], npm_config_update_notifier: "false" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.push(child);
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      for (const listener of [...listeners]) listener();
    });
  }
  return {
    pid: child.pid ?? 0,
    lines,
    exit: once(child, "close") as Started["exit"],
    until: (pattern, from = 0) =>
      new Promise((resolve) => {
        const look = () => {
          const line = lines.slice(from).find((each) => pattern.test(each));
          if (line === undefined) return;
          listeners.delete(look);
          resolve(line);
        };
        listeners.add(look);
        look();
      }),
  };
}

/** Whether anything of the process group is left. */
export function isThere(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}
