import * as fc from "fast-check";
import { awkwardValues, writtenDocuments } from "../support/json-documents.ts";
import { json } from "../support/synthesise.ts";

test("a document is one call of jsonencode, on one line; what is undefined is left out", () => {
  expect(writtenDocuments([{ list: ["a\nb", 1, true], left: undefined, "a key": {} }])).toEqual([
    ["$", '{jsonencode({"list" = ["a\\nb", 1, true], "a key" = {}})}'].join(""),
  ]);
});

test.each(awkwardValues.map((value) => [value]))("%j is read back as it was", (value) => {
  expect(writtenDocuments([value]).map(json)).toEqual([value]);
});

test("null is refused: cdktf writes nothing in its place", () => {
  expect(() => writtenDocuments([{ list: [null] }])).toThrow("leave the member out");
});

test("a member __proto__ is refused: cdktf loses it", () => {
  expect(() => writtenDocuments([JSON.parse('{"a": [{"__proto__": 1}]}')])).toThrow(
    "call __proto__ otherwise",
  );
});

test("whatever JSON goes in comes out, openings of templates aside, which no setting may have", () => {
  const text = fc.string({ unit: "grapheme" }).filter((given) => !/[$%]\{/.test(given));
  const { tree: document } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: "small" },
      text,
      fc.integer(),
      fc.boolean(),
      fc.array(tie("tree")),
      fc.dictionary(
        text.filter((key) => key !== "__proto__"),
        tie("tree"),
      ),
    ),
  }));
  fc.assert(
    fc.property(fc.array(document, { minLength: 10 }), (values) => {
      expect(writtenDocuments(values).map(json)).toEqual(JSON.parse(JSON.stringify(values)));
    }),
    { numRuns: 30 },
  );
});
