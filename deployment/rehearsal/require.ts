import { isDeepStrictEqual } from "node:util";

/**
 * Ends the rehearsal where something is not as it has to be.
 *
 * @param title what was looked at, in a few words for people
 * @param properties `name: [expected, found]`; objects are equal whatever the order of their keys
 * @throws {Error} naming every property that differs, with both sides
 */
export function requireEqual(
  title: string,
  properties: Readonly<Record<string, readonly [expected: unknown, found: unknown]>>,
): void {
  const different = Object.entries(properties).filter(
    ([, [expected, found]]) => !isDeepStrictEqual(expected, found),
  );
  if (different.length === 0) return;
  const lines = different.map(
    ([name, [expected, found]]) => `  ${name}: expected ${written(expected)}, found ${written(found)}`,
  );
  throw new Error([`${title} is not as it has to be:`, ...lines].join("\n"));
}

function written(value: unknown): string {
  if (value === undefined) return "nothing";
  return typeof value === "string" ? value : JSON.stringify(value);
}
