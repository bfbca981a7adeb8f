import { ExpressionReader, type Reference } from "./expression-reader.ts";

export type { Reference };

/**
 * A Terraform string with its `${…}` filled in. References to attributes and `jsonencode(…)` are all that the
 * stack uses; any other expression is an error, for a wrong guess would run something else than what would be
 * deployed.
 *
 * @throws {Error} quoting the expression that is not understood
 */
export function interpolate(text: string, resolve: (reference: Reference) => string): string {
  return new ExpressionReader(text, resolve).template();
}
