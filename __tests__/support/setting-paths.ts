import type * as z from "zod/mini";
import { environmentSchema } from "../../contract/settings/environment.ts";

/** Every setting that is declared, by its path; of a record, `*` stands for its keys. */
export const settingPaths: readonly string[] = [...new Set(pathsIn(environmentSchema, []))].sort();

function pathsIn(schema: z.core.$ZodType, path: readonly string[]): string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "default":
    case "prefault":
    case "optional":
      return pathsIn(def.innerType, path);
    case "object":
      return Object.entries(def.shape).flatMap(([key, setting]) => pathsIn(setting, [...path, key]));
    case "union":
      return def.options.flatMap((option) => pathsIn(option, path));
    case "record":
      return pathsIn(def.valueType, [...path, "*"]);
    default:
      return [path.join(".")];
  }
}
