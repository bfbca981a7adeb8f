import { readPattern } from "../../../local/stack/pattern.ts";

const event = {
  source: "aws.partner/genesys.com/cloud/1/events",
  "detail-type": "v2.x",
  resources: ["one", "two"],
  detail: { kind: "voice", count: 3, nothing: null },
};

test.each<[unknown, boolean]>([
  [{}, true],
  [{ source: [event.source] }, true],
  [{ source: ["aws.partner"] }, false],
  [{ source: [{ prefix: "aws.partner/genesys.com/" }] }, true],
  [{ source: [{ prefix: "genesys.com" }] }, false],
  [{ source: ["other", { prefix: "aws." }], "detail-type": ["v2.y", "v2.x"] }, true],
  [{ source: [{ prefix: "aws." }], "detail-type": ["v2.y"] }, false],
  [{ resources: ["two"] }, true],
  [{ resources: ["three"] }, false],
  [{ detail: { kind: ["voice"], count: [3] } }, true],
  [{ detail: { kind: ["voice"], count: ["3"] } }, false],
  [{ detail: { nothing: [null] } }, true],
  [{ detail: { missing: [null] } }, false],
  [{ detail: { kind: { deeper: ["x"] } } }, false],
  [{ source: [] }, false],
])("%j takes the event: %s", (pattern, expected) => {
  expect(readPattern(JSON.stringify(pattern))(event)).toBe(expected);
});

test.each([
  [{ source: [{ suffix: "x" }] }, 'has an event pattern whose source wants {"suffix":"x"}'],
  [{ source: [{ prefix: "x", suffix: "y" }] }, "has an event pattern whose source wants"],
  [{ detail: { kind: [{ exists: true }] } }, 'has an event pattern whose detail.kind wants {"exists":true}'],
  [{ source: "x" }, "has an event pattern whose source is neither a list nor an object"],
  [{ $or: [] }, "has an event pattern with $or"],
  [[], "has an event pattern that is no object"],
])("%j is not understood, and said so", (pattern, message) => {
  expect(() => readPattern(JSON.stringify(pattern))).toThrow(message);
});
