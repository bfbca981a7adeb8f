import { type FunctionName, type StackValues, variableName } from "../contract/environment.ts";
import type { EnvironmentSettings } from "../contract/settings/environment.ts";
import { variables } from "../contract/variables/index.ts";
import type { Variable } from "../contract/variables/variable.ts";
import { jsonDocument } from "./json.ts";

/**
 * The environment variables of a function.
 *
 * @param given what the stack alone knows; all else follows from the settings, as the variables' declaration
 * says (`contract/variables/`)
 */
export function variablesFor<F extends FunctionName>(
  name: F,
  settings: EnvironmentSettings,
  given: StackValues<F>,
): Record<string, string> {
  const declared: Readonly<Record<string, Variable>> = variables[name];
  const fromStack: Readonly<Record<string, unknown>> = given;
  return Object.fromEntries(
    Object.entries(declared).map(([key, variable]) => [
      variableName(key),
      written("from" in variable ? variable.from(settings) : fromStack[key]),
    ]),
  );
}

/** As the variable's schema reads it. */
function written(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" ? String(value) : jsonDocument(value);
}
