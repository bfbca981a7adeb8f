import type * as z from "zod/mini";
import { environmentSchema } from "../contract/settings/environment.ts";
import { type Limit, limitOf } from "../contract/settings/number.ts";

/** Every limit on a single number, by its path in the settings. Rules between settings: rules.ts. */
export const limits: Readonly<Record<string, Limit>> = Object.fromEntries(limitsIn(environmentSchema, []));

/** @throws {Error} for a number without a limit */
function limitsIn(schema: z.core.$ZodType, path: readonly string[]): [string, Limit][] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "default":
    case "prefault":
    case "optional":
      return limitsIn(def.innerType, path);
    case "object":
      return Object.entries(def.shape).flatMap(([key, setting]) => limitsIn(setting, [...path, key]));
    case "union":
      return def.options.flatMap((option) => limitsIn(option, path));
    case "number": {
      const limit = limitOf(schema);
      if (limit === undefined)
        throw new Error(`${path.join(".")} has no limit: see contract/settings/number.ts`);
      return [[path.join("."), limit]];
    }
    default:
      return [];
  }
}

/** Characters that a name may have. */
export const nameLengths = {
  function: 64, // Lambda's function and IAM's role alike
  queue: 80,
  bucketPrefix: 37, // 63 less the 26 that Terraform appends
  api: 128,
  rule: 64,
  table: 255,
  parameter: 1_011, // SSM, the ARN's head included
} as const;

export const LAMBDA_ENVIRONMENT_BYTES = 4_096; // all names and values of one function together
export const TAGS_PER_RESOURCE = 50;
