import { exitCodes } from "./exit-codes.ts";

/** What a person is told in place of a stack trace: one sentence on what happened, one on what to do. */
export class CommandError extends Error {
  readonly remedy: string;
  readonly exitCode: number;

  constructor(
    message: string,
    remedy: string,
    options: { readonly exitCode?: number; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "CommandError";
    this.remedy = remedy;
    this.exitCode = options.exitCode ?? exitCodes.failed;
  }
}

/** The command line asks for something that there is not, or lacks something. */
export class UsageError extends CommandError {
  constructor(message: string, remedy: string) {
    super(message, remedy, { exitCode: exitCodes.usage });
    this.name = "UsageError";
  }
}

/** Ctrl-C, where stopping half-way needs no more words than this. */
export class Interrupted extends CommandError {
  constructor(message = "Interrupted.", remedy = "") {
    super(message, remedy, { exitCode: exitCodes.interrupted });
    this.name = "Interrupted";
  }
}
