import { tmpdir } from "node:os";
import * as pty from "@lydell/node-pty";
import { COMMAND, commandEnvironment } from "./command.ts";

export interface TerminalRun {
  /** All that the terminal has shown, stdout and stderr as they came. */
  shown(): string;
  /** Resolves once it has shown that. */
  until(pattern: RegExp): Promise<void>;
  /** As typed: `\x03` is Ctrl-C, `\r` Enter. */
  type(text: string): void;
  readonly exitCode: Promise<number>;
  /** Hangs up, for what does not end by itself. */
  end(): void;
}

/** `genesys-dlq …` on a pseudo-terminal. */
export function runOnTerminal(
  args: readonly string[],
  { env = {} }: { readonly env?: Readonly<Record<string, string>> } = {},
): TerminalRun {
  return openTerminal(process.execPath, [...COMMAND, ...args], { TERM: "xterm-256color", ...env });
}

/** Any program on a pseudo-terminal. */
export function openTerminal(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): TerminalRun {
  const terminal = pty.spawn(program, [...args], {
    cols: 120,
    rows: 40,
    cwd: tmpdir(),
    env: commandEnvironment(env),
  });
  let shown = "";
  const listeners = new Set<() => void>();
  const told = () => {
    for (const listener of [...listeners]) listener();
  };
  terminal.onData((text) => {
    shown += text;
    told();
  });
  const exitCode = new Promise<number>((resolve) => {
    terminal.onExit((exit) => {
      resolve(exit.exitCode);
      told();
    });
  });
  return {
    shown: () => shown,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(shown)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        void exitCode.then(() => reject(new Error(`it ended without ${pattern}:\n${shown}`)));
        look();
      }),
    type: (text) => terminal.write(text),
    exitCode,
    end: () => terminal.kill(),
  };
}
