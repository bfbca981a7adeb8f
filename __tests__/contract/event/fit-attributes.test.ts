import fc from "fast-check";
import { deadLetterAttributes, toAttributes } from "../../../contract/event/dead-letter.ts";
import { fitAttributes } from "../../../contract/event/fit-attributes.ts";
import { type MessageAttribute, messageBytes } from "../../../contract/event/message-text.ts";

const { class: reasonClass, status, redrives } = deadLetterAttributes;

function isRequired(name: string, { StringValue }: MessageAttribute): boolean {
  return name === reasonClass || name === status || (name === redrives && StringValue !== "0");
}

const text = (StringValue: string): MessageAttribute => ({ DataType: "String", StringValue });
const name = fc.oneof(
  fc.constantFrom(...Object.values(deadLetterAttributes)),
  fc.stringMatching(/^[A-Za-z0-9_-]{1,30}$/),
);
const attribute: fc.Arbitrary<MessageAttribute> = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 600 }).map(text),
  fc.uint8Array({ minLength: 1, maxLength: 600 }).map((BinaryValue) => ({ DataType: "Binary", BinaryValue })),
);
const attributes = fc.dictionary(name, attribute, { maxKeys: 20, noNullPrototype: true });
const body = fc.string({ unit: "grapheme", maxLength: 2_000 });

test("never more than ten, never more bytes than the queue takes, what is counted always among them", () => {
  fc.assert(
    fc.property(body, attributes, fc.nat({ max: 8_000 }), (message, given, maxBytes) => {
      const fitted = fitAttributes(message, given, maxBytes);
      const least = Object.entries(given).filter((each) => isRequired(...each));
      if (messageBytes(message, Object.fromEntries(least)) > maxBytes) return expect(fitted).toBeUndefined();
      if (fitted === undefined) throw new Error("there is room for what is required");
      const { attributes: taken, leftOut } = fitted;
      expect(Object.keys(taken).length).toBeLessThanOrEqual(10);
      expect(messageBytes(message, taken)).toBeLessThanOrEqual(maxBytes);
      for (const [each, value] of least) expect(taken[each]).toBe(value);
      expect([...Object.keys(taken), ...leftOut].sort()).toEqual(Object.keys(given).sort());
      for (const [each, { BinaryValue }] of Object.entries(taken)) {
        expect(BinaryValue).toBe(given[each]?.BinaryValue);
      }
    }),
    { numRuns: 1_000 },
  );
});

test("the same whatever the order in which they came", () => {
  fc.assert(
    fc.property(body, attributes, fc.nat({ max: 8_000 }), (message, given, maxBytes) => {
      const reversed = Object.fromEntries(Object.entries(given).reverse());
      expect(fitAttributes(message, reversed, maxBytes)).toEqual(fitAttributes(message, given, maxBytes));
    }),
  );
});

const reason = toAttributes({
  class: "permanent",
  status: 422,
  message: "The destination answered 422. It says that there is no such customer.",
  attempts: 3,
  firstAttemptAt: "2026-11-24T12:00:00.000Z",
  lastAttemptAt: "2026-11-24T13:00:00.000Z",
  source: "webhook",
  eventId: "e-1",
  redrives: 0,
});

test("beside a whole reason there is room for one attribute: the first by name", () => {
  const own = { b: text("b"), a: text("a"), c: { DataType: "Binary", BinaryValue: Buffer.from([0, 255]) } };
  expect(fitAttributes("body", { ...own, ...reason }, 262_144)).toEqual({
    attributes: { ...reason, a: own.a },
    leftOut: ["b", "c"],
  });
});

test("a message that is nearly full keeps its class and status, then what is counted, then what fits of the text", () => {
  const size = (maxBytes: number) => {
    const fitted = fitAttributes("b".repeat(1_000), reason, maxBytes);
    return fitted && Object.values(fitted.attributes).map(({ StringValue }) => StringValue);
  };
  expect(size(1_000 + 48)).toBeUndefined();
  expect(size(1_000 + 49)).toEqual(["permanent", "422"]);
  const { reason_message: _, ...others } = reason;
  const [first, last] = ["2026-11-24T12:00:00.000Z", "2026-11-24T13:00:00.000Z"];
  const counted = ["3", first, last, "webhook", "e-1", "0"];
  const full = 1_000 + messageBytes("", others);
  expect(size(full + 39)).toEqual(["permanent", "422", ...counted]);
  expect(size(full + 40)).toEqual(["permanent", "422", "The destination answ", ...counted]);
});

test("what was redriven is counted, or it does not go", () => {
  const one = { redrives: text("1") };
  expect(fitAttributes("body", one, 4 + 15)).toEqual({ attributes: one, leftOut: [] });
  expect(fitAttributes("body", one, 4 + 14)).toBeUndefined();
  expect(fitAttributes("body", { redrives: text("0") }, 4)).toEqual({
    attributes: {},
    leftOut: ["redrives"],
  });
});

test("a body that is too big by itself does not fit", () => {
  expect(fitAttributes("body", {}, 4)).toEqual({ attributes: {}, leftOut: [] });
  expect(fitAttributes("body", {}, 3)).toBeUndefined();
});
