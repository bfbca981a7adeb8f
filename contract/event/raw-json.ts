/**
 * Reading JSON without losing its bytes: the destination is owed the very text that Genesys signed, and
 * `JSON.parse` does not keep it. docs/decisions/0002-carry-bytes.md
 */

/**
 * The text of the member `name` of the JSON object in `json`, exactly as it stands between its colon and the
 * comma or brace that ends it, white space included. The last one of that name, as `JSON.parse` would take.
 * Only call it with text that `JSON.parse` accepts; `undefined` when there is no such member.
 */
export function rawMember(json: string, name: string): string | undefined {
  let at = skipSpace(json, 0);
  if (json[at] !== "{") return undefined;
  at = skipSpace(json, at + 1);
  let found: string | undefined;
  while (json[at] === '"') {
    const keyEnd = stringEnd(json, at);
    const key: unknown = JSON.parse(json.slice(at, keyEnd));
    const valueStart = skipSpace(json, keyEnd) + 1; // past the colon
    const valueEnd = memberEnd(json, valueStart);
    if (key === name) found = json.slice(valueStart, valueEnd);
    at = skipSpace(json, valueEnd + 1);
  }
  return found;
}

/**
 * The text of each element of the JSON array in `json`, white space included; `undefined` for anything but an
 * array. Only call it with text that `JSON.parse` accepts.
 */
export function rawElements(json: string): string[] | undefined {
  let at = skipSpace(json, 0);
  if (json[at] !== "[") return undefined;
  const elements: string[] = [];
  if (json[skipSpace(json, at + 1)] === "]") return elements;
  do {
    const end = memberEnd(json, at + 1);
    elements.push(json.slice(at + 1, end));
    at = end;
  } while (json[at] === ",");
  return elements;
}

/** A number goes by its digits as they were written: big ones would be rounded into each other. */
export type Scalar = string | { readonly digits: string };

/**
 * The string or number at a dot path (`detail.id`); `undefined` for anything else. Only call it with text that
 * `JSON.parse` accepts.
 */
export function valueAtPath(json: string, path: string): Scalar | undefined {
  let value: string | undefined = json;
  for (const name of path.split(".")) {
    value = rawMember(value, name);
    if (value === undefined) return undefined;
  }
  value = value.trim();
  if (value.startsWith('"')) return JSON.parse(value) as string;
  return /^[-\d]/.test(value) ? { digits: value } : undefined;
}

/** Where the member that starts at `at` ends: at a comma or closing bracket of its own level. */
function memberEnd(json: string, at: number): number {
  let depth = 0;
  for (let i = at; i < json.length; i++) {
    switch (json[i]) {
      case '"':
        i = stringEnd(json, i) - 1;
        break;
      case "{":
      case "[":
        depth++;
        break;
      case "}":
      case "]":
        if (depth === 0) return i;
        depth--;
        break;
      case ",":
        if (depth === 0) return i;
        break;
    }
  }
  return json.length;
}

/** The index behind the closing quote of the string that opens at `at`. */
function stringEnd(json: string, at: number): number {
  let quote = json.indexOf('"', at + 1);
  while (quote !== -1) {
    let backslashes = 0;
    while (json[quote - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
    quote = json.indexOf('"', quote + 1);
  }
  return json.length;
}

function skipSpace(json: string, at: number): number {
  let i = at;
  while (json[i] === " " || json[i] === "\n" || json[i] === "\r" || json[i] === "\t") i++;
  return i;
}
