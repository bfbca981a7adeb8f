import * as z from "zod/mini";
import type { EnvironmentSettings } from "../settings/environment.ts";
import { limited, limitOf, outside, type Range, withoutDefault } from "../settings/number.ts";

/** An environment variable of a function: how its text becomes a value, and where the value comes from. */
export type Variable = FromStack<z.ZodMiniType> | FromSettings<z.ZodMiniType>;

/** Known to the stack alone, a queue's URL for one: a construct has to give it. */
export interface FromStack<S extends z.ZodMiniType> {
  readonly schema: S;
}

/** Follows from what a team has set: `infra/` passes it on by itself. */
export interface FromSettings<S extends z.ZodMiniType> {
  readonly schema: S;
  readonly from: (settings: EnvironmentSettings) => z.output<S>;
}

export const fromStack = <S extends z.ZodMiniType>(schema: S): FromStack<S> => ({ schema });

export const fromSettings = <S extends z.ZodMiniType>(
  schema: S,
  from: (settings: EnvironmentSettings) => z.output<S>,
): FromSettings<S> => ({ schema, from });

/** A text that is not empty. */
export const text = z.string().check(z.minLength(1));

/** A number, written as `String(number)` writes it, within its setting's limit. */
export const numberText = (setting: z.core.$ZodType<number>) =>
  z.pipe(
    z.string().check(z.refine((written) => String(Number(written)) === written, "is not a number")),
    z.pipe(z.transform(Number), withinLimit(setting)),
  );

/** JSON of the given shape. */
export const jsonText = <S extends z.ZodMiniType>(shape: S) =>
  z.pipe(
    z.pipe(
      z.string(),
      z.transform((written, context) => {
        try {
          return JSON.parse(written) as unknown;
        } catch {
          context.issues.push({ code: "custom", message: "is not JSON", input: written });
          return z.NEVER;
        }
      }),
    ),
    shape,
  );

/** A shape whose defaults are filled in. */
type FilledIn<S extends z.core.$ZodShape> = {
  -readonly [K in keyof S]: S[K] extends z.ZodMiniDefault<infer T extends z.core.$ZodType> ? T : S[K];
};

/** Settings as a function gets them: none is left out for its default any more, and every limit holds. */
export function filledIn<S extends z.core.$ZodShape>(shape: S): z.ZodMiniObject<FilledIn<S>> {
  const filled = Object.entries(shape).map(([name, setting]) => [
    name,
    limitOf(setting) ? withinLimit(setting) : withoutDefault(setting),
  ]);
  return z.object(Object.fromEntries(filled) as FilledIn<S>);
}

/** A number that is made from a setting, by a function that rises; its limit follows from the setting's. */
export function converted(
  setting: z.core.$ZodType<number>,
  unit: string,
  convert: (value: number) => number,
): z.ZodMiniNumber<number> {
  const { minimum, maximum, ...limit } = limitOf(setting) as Range;
  return limited({ ...limit, unit, minimum: convert(minimum), maximum: convert(maximum) });
}

/** @throws {Error} for a number without a limit: a mistake in the declaration */
function withinLimit(setting: z.core.$ZodType): z.ZodMiniNumber<number> {
  const limit = limitOf(setting);
  if (limit === undefined) throw new Error("a number that is set has a limit");
  return z.number().check((payload) => {
    const message = outside(payload.value, limit);
    if (message) payload.issues.push({ code: "custom", message, input: payload.value });
  });
}
