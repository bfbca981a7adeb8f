import { logCommand, toLocalCommand } from "../../contract/alarm-text.ts";
import { GENESYS_DLQ } from "../../contract/command-line.ts";
import type { Environment } from "../environment/environment.ts";

const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
] as const;

/** `3.5 h`, `40 s` */
export function duration(seconds: number): string {
  const [unit, length] = UNITS.find(([, least]) => seconds >= 2 * least) ?? (["s", 1] as const);
  const count = seconds / length;
  return `${unit === "s" || count >= 10 ? Math.round(count) : Math.round(count * 10) / 10} ${unit}`;
}

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
