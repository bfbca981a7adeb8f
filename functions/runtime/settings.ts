import * as z from "zod/mini";
import {
  type FunctionName,
  type SchemasOf,
  type ValuesOf,
  variableName,
} from "../../contract/environment.ts";
import type { Variable } from "../../contract/variables/variable.ts";

/**
 * A function's settings out of its environment, read and validated once, when the module loads.
 *
 * @throws {Error} naming every variable that is missing or wrong, never a value.
 */
export function loadSettings<V extends Readonly<Record<string, Variable>>>(
  name: FunctionName,
  variables: V,
  environment: NodeJS.ProcessEnv,
): ValuesOf<V> {
  const keys = Object.keys(variables);
  const values = Object.fromEntries(keys.map((key) => [key, environment[variableName(key)]]));
  const shape = Object.fromEntries(keys.map((key) => [key, variables[key]?.schema]));
  const result = z.safeParse(z.object(shape as SchemasOf<V>), values);
  if (result.success) return result.data;
  const findings = result.error.issues.map((issue) => {
    const [key = "", ...rest] = issue.path.map(String);
    const where = [variableName(key), ...rest].join(".");
    return `  ${where}: ${values[key] === undefined ? "is not set" : issue.message}`;
  });
  throw new Error(`The ${name}'s environment is not usable:\n${findings.join("\n")}`);
}
