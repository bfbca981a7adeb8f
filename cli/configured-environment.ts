import { Argument } from "commander";
import { UsageError } from "../contract/command-error.ts";
import { nearest } from "../contract/nearest.ts";
import { environmentNames } from "../deployment/environments.ts";
import type { Context, GlobalOptions } from "./context.ts";

/** Global options that say where something runs, and so nothing to a command that reads the configuration. */
const MEANINGLESS = [
  "outputs",
  "local",
  "data",
  "region",
] as const satisfies readonly (keyof GlobalOptions)[];

/** For a command that is about an environment of the configuration, whether it is deployed or not. */
export function environmentArgument(): Argument {
  return new Argument("[environment]", "which, unless --environment names it").choices([...environmentNames]);
}

/**
 * The environment that such a command is for.
 *
 * @param given its argument
 * @throws {UsageError} where none is named, or two are, or one that there is not
 */
export function configuredEnvironment({ options }: Context, given: string | undefined): string {
  const meaningless = MEANINGLESS.find((name) => options[name] !== undefined);
  if (meaningless !== undefined) {
    throw new UsageError(
      `--${meaningless} has no meaning here.`,
      "The environment is read from infra/environments.ts: leave the option out.",
    );
  }
  const names = environmentNames.join(", ");
  const named = given ?? options.environment;
  if (named === undefined) throw new UsageError("Which environment?", `Name one of: ${names}.`);
  if (options.environment !== undefined && options.environment !== named) {
    throw new UsageError(
      `Both ${named} and --environment ${options.environment} are given.`,
      "Name one environment.",
    );
  }
  if (environmentNames.includes(named)) return named;
  const meant = nearest(named, environmentNames);
  const question = meant === undefined ? "" : `Did you mean ${meant}? `;
  throw new UsageError(`There is no environment "${named}".`, `${question}Name one of: ${names}.`);
}
