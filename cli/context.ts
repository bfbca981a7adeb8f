import { Interrupted } from "../contract/command-error.ts";
import { exitCodes } from "../contract/exit-codes.ts";
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
  /** The global ones, as they are given. */
  readonly options: GlobalOptions;
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
    options,
    output: new Output({ json: options.json ?? false, color: options.color }),
    yes: options.yes ?? false,
    signal,
    environment() {
      found ??= findEnvironment(options);
      return found;
    },
  };
}

/**
 * Milliseconds within which a second signal is the first one: a terminal gives Ctrl-C to npm and to us, and npm
 * passes its own on.
 */
const SAME_SIGNAL_MILLISECONDS = 500;

/** Aborts at the first Ctrl-C, and when nobody reads stdout any more. A second Ctrl-C ends the process. */
export function watchForTheEnd(): AbortController {
  const controller = new AbortController();
  let firstAt: number | undefined;
  const stop = () => {
    firstAt ??= performance.now();
    if (performance.now() - firstAt > SAME_SIGNAL_MILLISECONDS) process.exit(exitCodes.interrupted);
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
