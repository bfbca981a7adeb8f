import { Fn } from "cdktf";

/**
 * A JSON document in an attribute, as `jsonencode(…)` with references to other resources inside. Whatever JSON
 * the stack holds goes through here, so that HCL takes it too: docs/decisions/0014-json-through-jsonencode.md
 *
 * @param value as `JSON.stringify` takes it, without null and `__proto__`; a string may hold references
 */
export function jsonDocument(value: unknown): string {
  return Fn.jsonencode(escaped(value));
}

/** Strings and keys as they stand between quotes in HCL, which cdktf leaves to the caller. */
function escaped(value: unknown): unknown {
  if (typeof value === "string") return escapedText(value);
  if (Array.isArray(value)) return value.map(escaped);
  if (value === null) throw new Error("cdktf would write null as nothing at all: leave the member out");
  if (typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [escapedKey(key), escaped(member)]),
  );
}

function escapedKey(key: string): string {
  if (key === "__proto__")
    throw new Error("cdktf would lose a member of that name: call __proto__ otherwise");
  return escapedText(key);
}

/** JSON's escapes are HCL's too, but for two. */
function escapedText(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(/\\[bf\\]/g, (given) => ({ "\\b": "\\u0008", "\\f": "\\u000c" })[given] ?? given)
    .replaceAll("%{", "%%{");
}
