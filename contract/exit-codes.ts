/** How a command ends. The same for all commands: a pipeline goes on with 0 alone. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  /** It ran to its end, and something wants a person. */
  attention: 3,
  /** What would be done is not what somebody has approved. */
  notReviewed: 4,
  /** Ctrl-C, as shells count it. */
  interrupted: 130,
} as const;

/** What `--help` says of each. */
export const exitCodeMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  done: "done",
  failed: "failed: the message says what happened, and what to do",
  usage: "the command line is wrong, or lacks something",
  attention:
    "done, but something wants a person: a warning, messages left over, a plan that would delete data",
  notReviewed: "the plan is not the one that was reviewed",
  interrupted: "interrupted by Ctrl-C",
};
