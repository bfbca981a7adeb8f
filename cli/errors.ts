/** How the command ends. `--help` tells them. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  /** It ran to its end, and something is left that wants a person. */
  partly: 3,
  /** Ctrl-C, as shells count it. */
  interrupted: 130,
} as const;

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

/** Nobody reads our output any more (`| head`): no error, but there is no point in going on. */
export class NobodyListens extends Error {
  constructor() {
    super("The output has been closed.");
    this.name = "NobodyListens";
  }
}
