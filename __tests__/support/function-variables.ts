import type { FunctionName } from "../../contract/environment.ts";
import { interpolate } from "../../terraform/expression.ts";
import type { Synthesised } from "./synthesise.ts";

/** A function's environment as Lambda would give it: each reference to a resource is the resource's address. */
export function functionVariables(stack: Synthesised, name: FunctionName): Record<string, string> {
  const { variables } = stack.resource("aws_lambda_function", name)["environment"] as {
    readonly variables: Readonly<Record<string, string>>;
  };
  return Object.fromEntries(
    Object.entries(variables).map(([variable, value]) => [
      variable,
      interpolate(value, ({ address, attribute }) => `${address}.${attribute}`),
    ]),
  );
}
