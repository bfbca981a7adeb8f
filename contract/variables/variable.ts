import * as z from "zod/mini";
import type { EnvironmentSettings } from "../settings/environment.ts";
import { limited, limitOf, outside } from "../settings/number.ts";

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

type NumberSetting = z.ZodMiniNumber<number> | z.ZodMiniDefault<z.ZodMiniNumber<number>>;

/** A number, written as `String(number)` writes it, within its setting's limit. */
export const numberText = (setting: NumberSetting) =>
  z.pipe(
    z.string().check(z.refine((written) => String(Number(written)) === written, "is not a number")),
    z.pipe(z.transform(Number), filled(setting)),
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

/** A setting whose default is filled in. */
type Filled<S> = S extends z.ZodMiniDefault<infer T extends z.core.$ZodType> ? T : S;
type FilledIn<S extends z.core.$ZodShape> = { -readonly [K in keyof S]: Filled<S[K]> };

/** A setting as a function gets it: it is never left out for its default, and its limit holds. */
export function filled<S extends z.core.$ZodType>(setting: S): Filled<S> {
  return strict(setting) as Filled<S>;
}

/** Settings as a function gets them. */
export function filledIn<S extends z.core.$ZodShape>(shape: S): z.ZodMiniObject<FilledIn<S>> {
  const entries = Object.entries(shape).map(([name, setting]) => [name, strict(setting)]);
  return z.object(Object.fromEntries(entries) as FilledIn<S>);
}

/**
 * A number that is made from a setting, by a function that rises; its limit follows from the setting's.
 *
 * @throws {Error} for a setting without a least and a most: a mistake in the declaration
 */
export function converted(
  setting: NumberSetting,
  unit: string,
  convert: (value: number) => number,
): z.ZodMiniNumber<number> {
  const limit = limitOf(setting);
  if (limit === undefined || "values" in limit) throw new Error("only a number with a range is converted");
  const { minimum, maximum } = limit;
  return limited({ ...limit, unit, minimum: convert(minimum), maximum: convert(maximum) });
}

function strict(setting: z.core.$ZodType): z.core.$ZodType {
  if (setting instanceof z.ZodMiniDefault) return strict(setting.def.innerType);
  if (setting instanceof z.ZodMiniOptional) return z.optional(strict(setting.def.innerType));
  const limit = limitOf(setting);
  if (limit === undefined) return setting;
  return z.number().check((payload) => {
    const message = outside(payload.value, limit);
    if (message) payload.issues.push({ code: "custom", message, input: payload.value });
  });
}
