/**
 * What Terraform's `jsonencode` makes of a value, byte for byte: keys in order, no white space, and the
 * characters escaped that Go escapes for HTML's sake.
 */
export function terraformJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(terraformJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return escaped(JSON.stringify(value));
  const members = Object.entries(value)
    .sort(([left], [right]) => Buffer.compare(Buffer.from(left), Buffer.from(right)))
    .map(([key, member]) => `${escaped(JSON.stringify(key))}:${terraformJson(member)}`);
  return `{${members.join(",")}}`;
}

function escaped(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
