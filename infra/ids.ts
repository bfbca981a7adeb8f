/**
 * A construct id out of free text, readable, and never the same for two texts: `a.b@c.de` →
 * `a_2e_b_40_c_2e_de`. Empty parts fall away.
 */
export function toId(...parts: readonly string[]): string {
  return parts
    .filter((part) => part !== "")
    .map((part) => part.replace(/[^A-Za-z0-9-]/gu, (c) => `_${c.codePointAt(0)?.toString(16)}_`))
    .join("_");
}
