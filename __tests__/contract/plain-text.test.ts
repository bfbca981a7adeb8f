import fc from "fast-check";
import {
  oneLine,
  someLines,
  terminalText,
  visible,
  visibleJson,
  visibleLines,
} from "../../contract/plain-text.ts";
import { HOSTILE, LONG, unseenIn } from "../support/hostile.ts";

const ESCAPE = String.fromCharCode(0x1b);
const OVERRIDE = String.fromCharCode(0x202e);

test("what a reader would not see is written out, and all else stays", () => {
  expect(visible(`a${OVERRIDE}b${ESCAPE}[2J\n`)).toBe("a\\u{202e}b\\u{1b}[2J\\u{a}");
  expect(visible("Grüße, 日本語, 👋, é, \\u{202e}")).toBe("Grüße, 日本語, 👋, é, \\u{202e}");
  expect(visibleLines(`a\n\tb\r${ESCAPE}`)).toBe("a\n\tb\\u{d}\\u{1b}");
  expect(unseenIn(HOSTILE).length).toBeGreaterThan(30);
});

test.each([
  ["visible", visible],
  ["visibleLines", visibleLines],
  ["oneLine", oneLine],
  ["someLines", (text: string) => someLines(text, 500)],
  ["terminalText", (text: string) => terminalText(text, true)],
  ["visibleJson", (text: string) => visibleJson(JSON.stringify(text))],
])("%s leaves nothing unseen, whatever comes", (_, clean) => {
  expect(unseenIn(clean(HOSTILE))).toEqual([]);
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(clean(text)).not.toMatch(/[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    }),
  );
});

test("a line is one, and bounded; it ends neither within a character nor within what was written out", () => {
  expect(oneLine(" a \r\n\t b ")).toBe("a b");
  expect(oneLine(LONG).length).toBe(200);
  expect(oneLine(LONG, 60)).toBe(`${LONG.slice(0, 59)}…`);
  for (let at = 0; at < 20; at++) {
    const line = oneLine(`${"x".repeat(at)}👋${OVERRIDE}👋${OVERRIDE}${"y".repeat(20)}`, 20);
    expect(line.length).toBeLessThanOrEqual(20);
    expect(line).toMatch(/^x*(👋|\\u\{202e\})*y*…$/);
  }
  expect(someLines("a\nb", 10)).toBe("a\nb");
  expect(someLines(LONG, 10)).toBe("v2.detail…");
});

test("of sequences our colours alone stay, and only where there are some", () => {
  const text = `${ESCAPE}[31mred${ESCAPE}[39m ${ESCAPE}]0;title ${ESCAPE}[2J`;
  expect(terminalText(text, true)).toBe(`${ESCAPE}[31mred${ESCAPE}[39m \\u{1b}]0;title \\u{1b}[2J`);
  expect(terminalText(text, false)).not.toContain(ESCAPE);
});

test("JSON says the same as before", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      expect(JSON.parse(visibleJson(JSON.stringify(value, null, 2)))).toEqual(
        JSON.parse(JSON.stringify(value)),
      );
    }),
  );
  expect(JSON.parse(visibleJson(JSON.stringify(HOSTILE)))).toBe(HOSTILE);
});
