import fc from "fast-check";
import { beginningOf, differencesOf } from "../../../deployment/review/text-difference.ts";

const filler = "All is as it was before, and nothing of it is of interest to anybody who looks. ".repeat(20);

test("short texts are told whole", () => {
  expect(differencesOf("one", "two")).toEqual([{ before: "one", after: "two" }]);
});

test("of long ones each place is told, with what is around it", () => {
  expect(differencesOf(`${filler}one ${filler}three`, `${filler}two ${filler}four`)).toEqual([
    {
      before: "…nterest to anybody who looks. one All is as it was before, and …",
      after: expect.stringMatching(/^….* looks\. two All is as it was .*…$/),
    },
    {
      before: expect.stringMatching(/^….*looks\. three$/),
      after: expect.stringMatching(/^….*looks\. four$/),
    },
  ]);
});

test("what is only added or only taken away is told", () => {
  expect(differencesOf(filler, `${filler}more`)).toEqual([
    { before: expect.stringMatching(/looks\. $/), after: expect.stringMatching(/looks\. more$/) },
  ]);
});

test("a text of which there is no other is told from its beginning, and how much is missing", () => {
  expect(beginningOf("short")).toBe("short");
  expect(beginningOf("x".repeat(2_500))).toBe(`${"x".repeat(2_000)}… (500 more characters)`);
});

const word = fc.constantFrom("a", "b", "allow", "deny", " ", "{", '"', "0", "\n", "é", "😀", "x".repeat(120));
const long = fc.array(word, { minLength: 60, maxLength: 200 }).map((words) => words.join(""));

test("two texts that differ are never told as if they were the same", () => {
  fc.assert(
    fc.property(long, long, (before, after) => {
      const told = differencesOf(before, after);
      if (before === after) return;
      expect(told.length).toBeGreaterThan(0);
      for (const place of told) expect(place.before).not.toBe(place.after);
    }),
  );
});

test("what was put into a long text, and what was there instead, is told whole", () => {
  const inserted = fc.constantFrom("Statement", '"Action":"*"', "https://evil.example.com", "0 * ", "ÄÖ");
  fc.assert(
    fc.property(
      long,
      inserted,
      inserted,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (text, from, to, where) => {
        if (from === to) return;
        const characters = [...text];
        const at = Math.floor(where * characters.length);
        const [head, tail] = [characters.slice(0, at).join(""), characters.slice(at).join("")];
        const told = differencesOf(`${head} ${from} ${tail}`, `${head} ${to} ${tail}`);
        // Letters that both have may stand around the place, and not in it.
        expect(told.map(({ before }) => before).join("")).toContain(from);
        expect(told.map(({ after }) => after).join("")).toContain(to);
      },
    ),
  );
});

test("texts with nothing in common, and large ones, are told in bounded time and room", () => {
  const [before, after] = ["a ", "b "].map((text) => text.repeat(20_000)) as [string, string];
  const told = differencesOf(before, after);
  expect(told).toHaveLength(1);
  expect(JSON.stringify(told).length).toBeLessThan(5_000);
});
