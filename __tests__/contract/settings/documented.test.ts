import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type * as z from "zod/mini";
import { environmentSchema } from "../../../contract/settings/environment.ts";
import { REPOSITORY } from "../../support/repository.ts";

const folder = join(REPOSITORY, "contract", "settings");

/** `name: value` of every default in a schema, by the schema: one declaration may stand in several places. */
function defaultsIn(schema: z.core.$ZodType, name = ""): ReadonlyMap<unknown, string> {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "default":
      return new Map([[schema, `${name}: ${JSON.stringify(def.defaultValue)}`]]);
    case "optional":
    case "prefault":
      return defaultsIn(def.innerType, name);
    case "object":
      return all(Object.entries(def.shape).map(([key, setting]) => defaultsIn(setting, key)));
    case "union":
      return all(def.options.map((option) => defaultsIn(option, name)));
    case "record":
      return defaultsIn(def.valueType, name);
    default:
      return new Map();
  }
}

const all = (maps: readonly ReadonlyMap<unknown, string>[]) => new Map(maps.flatMap((map) => [...map]));

/** `name: value` of every `@default` that is a value; others say in words what an absent setting means. */
function documentedIn(source: string): string[] {
  const comments = source.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*?)\*\/\s*(\w+)[:,]/g);
  return [...comments].flatMap(([, comment = "", name = ""]) => {
    const value = /@default ([\d_]+|true|false|".*"|\[.*\]|\{.*\})/.exec(comment)?.[1];
    return value === undefined ? [] : [`${name}: ${JSON.stringify(parseLiteral(value))}`];
  });
}

/** As it stands in TypeScript: `65_536`, `{ kind: "x" }`. */
function parseLiteral(literal: string): unknown {
  return JSON.parse(literal.replaceAll(/(?<=\d)_(?=\d)/g, "").replaceAll(/(\w+):/g, '"$1":'));
}

test("what a setting's comment says of its default is its default", async () => {
  const sources = await Promise.all(
    (await readdir(folder)).map((file) => readFile(join(folder, file), "utf8")),
  );
  expect(sources.flatMap(documentedIn).sort()).toEqual([...defaultsIn(environmentSchema).values()].sort());
});
