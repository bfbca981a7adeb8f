import * as z from "zod/mini";
import { type EnvironmentOf, type FunctionName, functionEnvironment } from "../../contract/environment.ts";

/** A whole number, at least `minimum`, written in an environment variable. */
export const integerText = (minimum: number) =>
  z.pipe(
    z.string().check(z.regex(/^\d+$/, "is not a whole number")),
    z.pipe(z.transform(Number), z.number().check(z.minimum(minimum))),
  );

/** JSON of the given shape, written in an environment variable. */
export const jsonText = <S extends z.ZodMiniType>(shape: S) =>
  z.pipe(
    z.pipe(
      z.string(),
      z.transform((text, context) => {
        try {
          return JSON.parse(text) as unknown;
        } catch {
          context.issues.push({ code: "custom", message: "is not JSON", input: text });
          return z.NEVER;
        }
      }),
    ),
    shape,
  );

/** A schema with one entry for each variable that function `F` reads. */
export type SettingsShape<F extends FunctionName> = Record<keyof EnvironmentOf<F>, z.ZodMiniType>;

/**
 * A function's settings out of its environment, read and validated once, when the module loads.
 *
 * @throws {Error} naming every variable that is missing or wrong, never a value.
 */
export function loadSettings<F extends FunctionName, S extends SettingsShape<F>>(
  name: F,
  shape: S,
  environment: NodeJS.ProcessEnv,
): z.infer<z.ZodMiniObject<S>> {
  const names: Readonly<Record<string, string>> = functionEnvironment[name];
  const values = Object.fromEntries(
    Object.entries(names).map(([key, variable]) => [key, environment[variable]]),
  );
  const result = z.safeParse(z.object(shape), values);
  if (result.success) return result.data;
  const findings = result.error.issues.map((issue) => {
    const [key = "", ...rest] = issue.path;
    const where = [names[String(key)] ?? String(key), ...rest.map(String)].join(".");
    return `  ${where}: ${values[String(key)] === undefined ? "is not set" : issue.message}`;
  });
  throw new Error(`The ${name}'s environment is not usable:\n${findings.join("\n")}`);
}
