import { logCommand, toLocalCommand } from "../../contract/alarm-text.ts";
import { GENESYS_DLQ } from "../../contract/command-line.ts";
import type { Environment } from "../environment/environment.ts";

export { span as duration } from "../../contract/forecast/words.ts";

/** The command's own, for the environment at hand. */
export function commandFor({ kind, account, outputs }: Environment, words: string): string {
  const where = account.data === undefined ? "--local" : `--data ${account.data}`;
  return `${GENESYS_DLQ} ${words} ${kind === "local" ? where : `--environment ${outputs.environment}`}`;
}

/**
 * What to do, in the world that a person is in: on a laptop there is no AWS console, no Terraform and no deployment.
 *
 * @param local @default to start the local run again: it makes anew what differs from the stack
 */
export function remedyIn(
  { kind }: Pick<Environment, "kind">,
  deployed: string,
  local = "Start the local run again.",
): string {
  return kind === "local" ? local : deployed;
}

/** The command that shows the newest lines of a function's log. */
export function logOf(environment: Environment, functionName: string): string {
  return commandHere(environment, logCommand(functionName));
}

/** A command that is written for an account, as it is typed where a person is. */
export function commandHere({ kind, account }: Environment, command: string): string {
  return kind === "local" ? toLocalCommand(command, account.data) : command;
}
