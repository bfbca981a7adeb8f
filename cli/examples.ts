import type { Command } from "commander";

/** Examples under a command's help; each begins with `genesys-dlq`. */
export function withExamples(command: Command, ...examples: string[]): Command {
  return command.addHelpText("after", ["", "Examples:", ...examples.map((line) => `  ${line}`)].join("\n"));
}
