import fc from "fast-check";
import { rawElements, rawMember, valueAtPath } from "../../../contract/event/raw-json.ts";
import { jsonSource } from "../../support/event-bytes.ts";

test("takes a member's text as it stands, white space included", () => {
  expect(rawMember('{"a": 1.0 , "b":\t{"a":2}}', "a")).toBe(" 1.0 ");
  expect(rawMember(' \n{ "b" :[1,{"a":2}] } ', "b")).toBe('[1,{"a":2}] ');
});

test.each([
  ["{}", "a"],
  [" { } ", "a"],
  ["[]", "a"],
  ['["a",1]', "a"],
  ['"a"', "a"],
  ["1", "a"],
  ['{"b":{"a":1}}', "a"],
  ['{"b":"\\"a\\":1"}', "a"],
  ['{"b":"a"}', "a"],
])("%s has no member %s", (json, name) => {
  expect(rawMember(json, name)).toBeUndefined();
});

test.each([
  ['{"a":1,"a":2}', "2"],
  ['{"\\u0061":3}', "3"],
  ['{"a":"}\\\\"}', '"}\\\\"'],
  ['{"a":"\\\\\\"]","b":1}', '"\\\\\\"]"'],
])("reads %s as JSON.parse would", (json, raw) => {
  expect(rawMember(json, "a")).toBe(raw);
});

test.each([
  ['{"b":1,"\\u0061":2}', "a", "2"],
  ['{"a":1,"\\u0061":2}', "a", "2"],
  ['{"b":1,"\\n":2}', "\n", "2"],
  ['{"b":1,"\\"":2}', '"', "2"],
  ['{"b":1,"\\\\":2}', "\\", "2"],
])("%s: a key of one character, escaped, is the character %j", (json, name, raw) => {
  expect(rawMember(json, name)).toBe(raw);
});

test("of any JSON object, every member's text parses to what JSON.parse finds under its name", () => {
  fc.assert(
    fc.property(jsonSource.object, (json) => {
      const parsed = JSON.parse(json) as Record<string, unknown>;
      for (const name of Object.keys(parsed)) {
        const raw = rawMember(json, name);
        expect(json).toContain(`:${raw}`);
        expect(JSON.parse(raw ?? "")).toEqual(parsed[name]);
      }
      expect(rawMember(json, "a name that no key has")).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

test("of any JSON text put behind a colon, exactly that text comes back", () => {
  fc.assert(
    fc.property(jsonSource.value, jsonSource.value, jsonSource.value, (before, text, after) => {
      expect(rawMember(`{"before":${before},"payload":${text},"after":${after}}`, "payload")).toBe(text);
    }),
    { numRuns: 500 },
  );
});

test("a text of many megabytes and a hundred thousand levels takes neither stack nor long", () => {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  expect(rawMember(`{"a":${deep}}`, "a")).toBe(deep);
  const backslashes = `"${"\\\\".repeat(2_000_000)}"`;
  expect(rawMember(`{"a":${backslashes}}`, "a")).toBe(backslashes);
});

test("rawElements gives each element's very text, and nothing where there is no list", () => {
  fc.assert(
    fc.property(fc.array(jsonSource.value), (elements) => {
      expect(rawElements(`[${elements.join(",")}]`)).toEqual(elements);
    }),
  );
  expect(rawElements(" [ ] ")).toEqual([]);
  expect(rawElements(' [ 1.0 , "a,]" ] ')).toEqual([" 1.0 ", ' "a,]" ']);
  expect(['{"a":[1]}', '"[1]"', "1"].map(rawElements)).toEqual([undefined, undefined, undefined]);
});

test("valueAtPath never takes two different numbers or texts for one", () => {
  const scalar = fc.oneof(
    fc.bigInt().map(String),
    fc.string({ unit: "binary" }).map((text) => JSON.stringify(text)),
  );
  const at = (value: string) => JSON.stringify(valueAtPath(`{"a":{"b": ${value} }}`, "a.b"));
  fc.assert(
    fc.property(scalar, scalar, (one, other) => {
      expect(at(one) === at(other)).toBe(one === other);
    }),
  );
  expect([
    at("true"),
    at("null"),
    at("{}"),
    at('{"a":1}'),
    at("[]"),
    at("[1]"),
    valueAtPath("[]", "a"),
    valueAtPath('{"a":1}', "a.b"),
  ]).toEqual(Array(8).fill(undefined));
});
