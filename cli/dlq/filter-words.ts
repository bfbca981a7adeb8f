import { Command, CommanderError } from "commander";
import { UsageError } from "../../contract/command-error.ts";
import { addFilterOptions, type FilterOptions } from "./filter.ts";

/**
 * A filter as it is typed: `["--class", "permanent", "--status", "4xx"]`.
 *
 * @throws {UsageError} in the words in which the command would refuse it
 */
export function readFilterWords(words: readonly string[]): FilterOptions {
  const command = addFilterOptions(new Command("filter"))
    .exitOverride()
    .allowExcessArguments(false)
    .helpOption(false)
    .configureOutput({ writeErr: () => {}, writeOut: () => {} });
  try {
    return command.parse([...words], { from: "user" }).opts<FilterOptions>();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    throw new UsageError(error.message.replace(/^error: /, ""), "Change or clear that filter.");
  }
}
