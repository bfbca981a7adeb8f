import type { Command } from "commander";
import { exitCodeMeanings, exitCodes } from "../contract/exit-codes.ts";

type Name = keyof typeof exitCodes;

/** The exit codes that a command knows, as help lists them; without meanings of its own, all of them. */
export function exitCodeHelp(meanings: Readonly<Partial<Record<Name, string>>> = exitCodeMeanings): string {
  const own = { ...meanings, usage: exitCodeMeanings.usage, interrupted: exitCodeMeanings.interrupted };
  const lines = (Object.keys(exitCodes) as Name[]).flatMap((name) => {
    const meaning = own[name];
    return meaning === undefined ? [] : [`  ${String(exitCodes[name]).padEnd(3)}  ${meaning}`];
  });
  return ["Exit codes:", ...lines].join("\n");
}

/** Puts under a command's help what its exit codes say: the numbers of all commands, in words of its own. */
export function withExitCodes(command: Command, meanings: Readonly<Partial<Record<Name, string>>>): Command {
  return command.addHelpText("after", `\n${exitCodeHelp(meanings)}`);
}
