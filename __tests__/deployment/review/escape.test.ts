import fc from "fast-check";
import { block, code } from "../../../deployment/review/escape.ts";

test.each([
  ["plain", "`plain`"],
  ["@everyone <img src=x> [a](b) | *c*", "`@everyone <img src=x> [a](b) | *c*`"],
  ["a `tick`", "`` a `tick` ``"],
  ["two ``", "``` two `` ```"],
  ["line\nbreak\r\u2028", "`line\\u{a}break\\u{d}\\u{2028}`"],
  ["\u202eevil\u200b", "`\\u{202e}evil\\u{200b}`"],
  ["", "(empty)"],
  [" space ", "`  space  `"],
])("%j becomes %j", (text, written) => {
  expect(code(text)).toBe(written);
});

/** Text that tries to get out. */
const hostile = fc.string({
  unit: fc.constantFrom("`", "``", "\n", "\r", "a", " ", "<b>", "@x", "|", "\u202e"),
});

test("nothing gets out of a code span: it ends where it should and nowhere before, in one line", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const written = code(text);
      expect(written).not.toMatch(/[\n\r\u202e]/);
      if (text === "") return;
      const fence = /^`+/.exec(written)?.[0] ?? "";
      const inner = written.slice(fence.length, -fence.length);
      expect(written.endsWith(fence)).toBe(true);
      expect(inner.match(/`+/g) ?? []).not.toContain(fence);
      expect(/^`|`$/.test(inner)).toBe(false);
    }),
  );
});

test("nothing gets out of a block: only its last line closes it", () => {
  fc.assert(
    fc.property(fc.array(hostile), (lines) => {
      const [opening = "", ...rest] = block("diff", lines);
      const fence = opening.replace("diff", "");
      expect(rest).toHaveLength(lines.length + 1);
      expect(rest.findIndex((line) => line.trim().startsWith(fence))).toBe(lines.length);
    }),
  );
});
