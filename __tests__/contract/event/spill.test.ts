import fc from "fast-check";
import { objectKey, readSpill, spillKey, writeSpill } from "../../../contract/event/spill.ts";
import { SPILL_PREFIX } from "../../../contract/overflow.ts";

const at = new Date("2026-01-02T23:59:59.999Z");

test("a spilled message is read as it was written", () => {
  const message = fc.record(
    {
      queue: fc.constantFrom("main" as const, "dead-letter" as const),
      body: fc.string({ unit: "binary" }),
      attributes: fc.dictionary(
        fc.string(),
        fc.record({ DataType: fc.constant("String" as const), StringValue: fc.string({ unit: "binary" }) }),
        { noNullPrototype: true },
      ),
    },
    { requiredKeys: ["queue", "body"], noNullPrototype: true },
  );
  fc.assert(fc.property(message, (value) => expect(readSpill(writeSpill(value))).toEqual(value)));
});

test.each([
  "",
  "null",
  "[]",
  "{}",
  '{"body":"x"}',
  '{"queue":"main"}',
  '{"queue":"other","body":"x"}',
  '{"queue":"main","body":1}',
])("%j is no spilled message", (text) => {
  expect(() => readSpill(text)).toThrow();
});

test("keys lie under their prefix and day (UTC), and tell events apart by id and body", () => {
  expect(spillKey("main", "id", "hash", at)).toMatch(/^spill\/events\/2026\/01\/02\/[0-9a-f]{64}\.json$/);
  expect(spillKey("dead-letter", "id", "hash", at)).toMatch(
    /^spill\/dead-letters\/2026\/01\/02\/[0-9a-f]{64}\.json$/,
  );
  const keys = [
    objectKey(SPILL_PREFIX, "id", "hash", at),
    objectKey(SPILL_PREFIX, "id", "other", at),
    objectKey(SPILL_PREFIX, "other", "hash", at),
  ];
  expect(new Set(keys).size).toBe(3);
  expect(objectKey(SPILL_PREFIX, "id", "hash", at)).toBe(keys[0]);
});
