import fc from "fast-check";
import { matchesGlob } from "../../contract/glob.ts";
import { LONG } from "../support/hostile.ts";

test.each<[string, string, boolean]>([
  ["", "", true],
  ["", "a", false],
  ["*", "", true],
  ["**", "anything\nat all", true],
  ["a*", "abc", true],
  ["a*", "bac", false],
  ["*c", "abcabc", true],
  ["a*b*c", "a-b-b-c", true],
  ["a*b*c", "a-c-b", false],
  ["*ab", "aab", true],
  ["a.c", "abc", false],
  ["a?c", "abc", false],
  ["[a]$", "[a]$", true],
])("%j and %j: %j", (pattern, text, expected) => {
  expect(matchesGlob(pattern, text)).toBe(expected);
});

test("one character may be named, one of two units too", () => {
  expect(matchesGlob("a?c", "abc", "?")).toBe(true);
  expect(matchesGlob("a?c", "a👋c", "?")).toBe(true);
  expect(matchesGlob("a??c", "a👋c", "?")).toBe(false);
  expect(matchesGlob("*?👋", "x👋", "?")).toBe(true);
});

test("it says what a regular expression would say", () => {
  const word = (units: string) => fc.string({ unit: fc.constantFrom(...units), maxLength: 12 });
  fc.assert(
    fc.property(word("ab*?"), word("ab"), (pattern, text) => {
      const source = pattern.replaceAll("*", "[^]*").replaceAll("?", "[^]");
      expect(matchesGlob(pattern, text, "?")).toBe(new RegExp(`^${source}$`).test(text));
    }),
    { numRuns: 2_000 },
  );
});

test("stars cost no more than their pattern times the text", () => {
  expect(matchesGlob("v2.*detail*detail*detail*detail*end", LONG)).toBe(false);
  expect(matchesGlob(`${"*a".repeat(30)}*b`, "a".repeat(100_000))).toBe(false);
});
