import { Interrupted } from "../contract/command-error.ts";
import type { Environment } from "./environment/environment.ts";
import { findEnvironment } from "./environment/find.ts";
import { NobodyListens } from "./nobody-listens.ts";
import { Output } from "./output.ts";

/** The options that every command has; see program.ts. */
export interface GlobalOptions {
  readonly environment?: string;
  readonly outputs?: string;
  readonly local?: boolean;
  readonly data?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly json?: boolean;
  readonly yes?: boolean;
  readonly color: boolean;
}

/** What a command works with. */
export interface Context {
  readonly output: Output;
  /** Questions count as answered with yes. */
  readonly yes: boolean;
  /** Aborted by Ctrl-C, with what is left to say as its reason. */
  readonly signal: AbortSignal;
  /**
   * The environment that the command is for, looked up when first asked for.
   *
   * @throws {CommandError} saying where it looked and what to give
   */
  environment(): Promise<Environment>;
}

export function createContext(options: GlobalOptions, signal: AbortSignal): Context {
  let found: Promise<Environment> | undefined;
  return {
    output: new Output({ json: options.json ?? false, color: options.color }),
    yes: options.yes ?? false,
    signal,
    environment() {
      found ??= findEnvironment(options);
      return found;
    },
  };
}

/** Aborts at the first Ctrl-C, and when nobody reads stdout any more. A second Ctrl-C ends the process. */
export function watchForTheEnd(): AbortController {
  const controller = new AbortController();
  let signals = 0;
  const stop = () => {
    if (++signals > 1) process.exit(130);
    controller.abort(new Interrupted());
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      controller.abort(new NobodyListens());
    });
  }
  return controller;
}
