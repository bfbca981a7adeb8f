import * as z from "zod/mini";

/** What a number must be, and who says so. */
export type Limit = Range | Choice;

interface Range {
  readonly minimum: number;
  readonly maximum: number;
  readonly unit: string;
  readonly source: string;
  /** Whether the value need not be whole. */
  readonly fractional?: true;
}

/** A few numbers and no others. */
interface Choice {
  readonly values: readonly number[];
  readonly unit: string;
  readonly source: string;
}

const limits = z.registry<Limit>();

/** A setting that is a number, and has a default. */
export function number({ default: value, ...limit }: Limit & { readonly default: number }) {
  return z._default(limited(limit), value);
}

/**
 * A number with its limit. Its schema takes any number: synth tells of limits together with the rules between
 * settings (`infra/rules.ts`), a function refuses what is outside when it starts (`contract/variables/variable.ts`).
 */
export function limited(limit: Limit) {
  return z.number().register(limits, limit);
}

/** The limit of a number, with or without a default; nothing where it has none. */
export function limitOf(schema: z.core.$ZodType): Limit | undefined {
  return limits.get(schema instanceof z.ZodMiniDefault ? schema.def.innerType : schema);
}

/** What is wrong with a value: a sentence, or nothing. */
export function outside(value: number, limit: Limit): string | undefined {
  if ("values" in limit) {
    const { values, source, unit } = limit;
    return values.includes(value) ? undefined : `${source} takes only ${values.join(", ")} ${unit}`;
  }
  const { minimum, maximum, unit, source, fractional } = limit;
  if (!fractional && !Number.isInteger(value)) return `must be a whole number of ${unit}`;
  return value >= minimum && value <= maximum
    ? undefined
    : `${source} takes ${minimum} to ${maximum} ${unit}`;
}
