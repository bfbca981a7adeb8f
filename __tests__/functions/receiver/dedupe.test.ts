import fc from "fast-check";
import { defined } from "../../../contract/defined.ts";
import type { HttpSource } from "../../../contract/sources/index.ts";
import type { SourceSettings } from "../../../contract/variables/sources.ts";
import { type Arrival, describe as describeEvent } from "../../../functions/receiver/describe.ts";

let requests = 0;

/** The id of an event; as a rule all come at the same moment, in requests of their own. */
function idOf(
  body: string,
  source: HttpSource = "webhook",
  dedupePath?: string,
  arrival: Partial<Arrival> = {},
): string {
  const settings: SourceSettings = {
    source,
    authentication: {},
    ...defined({ dedupePath, retrySpanSeconds: source === "data-action" ? undefined : 120 }),
  };
  const at = { receivedAt: new Date("2026-11-24T12:00:00Z"), uuid: `request-${++requests}`, ...arrival };
  return describeEvent(Buffer.from(body), settings, at).head.id;
}

const at = (time: string) => ({ receivedAt: new Date(`2026-11-24T${time}Z`) });
const withoutBytes = (id: string) => id.replace(/~[0-9a-f]{32}$/, "");
const receipt = (more: object = {}, channel: object = {}) =>
  JSON.stringify({
    id: "m-1",
    type: "Text",
    channel: { id: "ch-1", time: "2026-11-24T12:00:00Z", ...channel },
    ...more,
  });

test("a message's receipt, another time, another channel, other bytes are other events", () => {
  const ids = [
    receipt(),
    receipt({ type: "Receipt" }),
    receipt({}, { time: "2026" }),
    receipt({}, { id: "ch-2" }),
    receipt({ text: "the same id, and other bytes" }),
  ];
  expect(new Set(ids.map((body) => idOf(body, "open-messaging"))).size).toBe(5);
});

test("an Open Messaging event is named by the integration that has proved itself, whatever it says itself", () => {
  const id = (integration: string) => idOf(receipt(), "open-messaging", undefined, { integration });
  expect(withoutBytes(id("i-1"))).toBe("open-messaging|i-1|ch-1|Text|m-1|2026-11-24T12:00:00Z");
  expect(id("i-1")).not.toBe(id("i-2"));
  expect(id("i-1")).toBe(id("i-1"));
});

test("however late, an event with an id of its own is the same", () => {
  const late = idOf(receipt(), "open-messaging", undefined, at("23:00:00"));
  expect(late).toBe(idOf(receipt(), "open-messaging"));
});

test.each<[HttpSource, string]>([
  ["webhook", '{"webhookName":"x"}'],
  ["webhook", "not JSON"],
  ["open-messaging", receipt({}, { time: undefined })],
])("without an id, the bytes and the time of a %s event decide: %s", (source, body) => {
  const id = (time: string) => idOf(body, source, undefined, at(time));
  expect(id("12:00:00")).toBe(id("12:01:59"));
  expect(id("12:00:00")).not.toBe(id("12:10:00"));
  expect(id("12:00:00")).not.toBe(idOf(`${body} `, source, undefined, at("12:00:00")));
});

test.each(['{"topicName":"t","status":"A"}', "not JSON"])(
  "every data action is an event of its own: %s",
  (body) => {
    expect(idOf(body, "data-action")).not.toBe(idOf(body, "data-action"));
  },
);

test("with a path, a data action that comes again is the same event", () => {
  const body = '{"topicName":"t","id":7}';
  expect(idOf(body, "data-action", "id")).toBe(idOf(body, "data-action", "id"));
});

test("one body through two sources is two events", () => {
  const body = '{"webhookName":"x","n":1}';
  expect(idOf(body, "webhook", "n")).not.toBe(idOf(body, "data-action", "n"));
});

test.each([
  ["n", '{"webhookName":"x","n":"7"}', "webhook|7"],
  ["n", '{"webhookName":"x","n":7}', "webhook|#7"],
  ["detail.id", '{"webhookName":"x","detail":{"id":"a-1"}}', "webhook|a-1"],
  ["n", '\uFEFF{"webhookName":"x", "n" : "7" }', "webhook|7"],
  ["__proto__.id", '{"webhookName":"x","__proto__":{"id":"p"}}', "webhook|p"],
  ["n", '{"webhookName":"x","n":1,"n":2}', "webhook|#2"],
  ["n", '{"webhookName":"x","n":12345678901234567891}', "webhook|#12345678901234567891"],
])("a configured path %s reads %s as %s", (path, body, name) => {
  expect(withoutBytes(idOf(body, "webhook", path))).toBe(name);
});

test.each(["", "null", '""', "true", "{}", "[]", '{"id":1}'])(
  "a path to %j falls back to bytes and time",
  (value) => {
    const body = value === "" ? '{"webhookName":"x"}' : `{"webhookName":"x","n":${value}}`;
    expect(idOf(body, "webhook", "n")).toBe(idOf(body, "webhook"));
  },
);

/** Values that one encoding or another takes for the same. */
const alike: readonly (readonly [string, string])[] = [
  ['"1"', "1"],
  ['"#1"', "1"],
  ["1", "1.0"],
  ["9007199254740993", "9007199254740992"],
  ['"\\ud800"', '"\\udc00"'],
  ['"\\ud800"', '"\\ufffd"'],
  ['"\\ud83d\\ude00"', '"\\ude00\\ud83d"'],
  ['"a"', '"A"'],
  ['"e\\u0301"', '"\\u00e9"'],
  ['"a|b"', '"a=7Cb"'],
  ['"a "', '"a"'],
];

test.each(alike)("%s and %s name two events, by whatever path they come", (one, other) => {
  const named = (n: string) => withoutBytes(idOf(`{"webhookName":"x","n":${n}}`, "webhook", "n"));
  expect(named(one)).not.toBe(named(other));
  if (!one.startsWith('"') || !other.startsWith('"')) return;
  const channel = (id: string) => `{"id":"m","type":"t","channel":{"id":${id},"time":"t"}}`;
  const message = (id: string) => `{"id":${id},"type":"t","channel":{"id":"c","time":"t"}}`;
  for (const body of [channel, message])
    expect(withoutBytes(idOf(body(one), "open-messaging"))).not.toBe(
      withoutBytes(idOf(body(other), "open-messaging")),
    );
});

test("what separates the parts of a name cannot be put into one of them", () => {
  const part = fc.string({
    unit: fc.constantFrom("|", "~", "=", "#", "*", "@", "!", "+", "\uD800", "\uDC00", "a", "1"),
    minLength: 1,
    maxLength: 4,
  });
  const parts = fc.record({ id: part, type: part, channel: part, time: part, integration: part });
  const name = ({ id, type, channel, time, integration }: Record<string, string>) =>
    withoutBytes(
      idOf(JSON.stringify({ id, type, channel: { id: channel, time } }), "open-messaging", undefined, {
        integration: integration ?? "",
      }),
    );
  fc.assert(
    fc.property(parts, parts, (one, other) => {
      expect(name(one) === name(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
    }),
    { numRuns: 1_000 },
  );
});

test("every id fits attribute, header and log line, and two values never share one", () => {
  const key = fc.string({ unit: "binary", minLength: 1, maxLength: 400 });
  fc.assert(
    fc.property(key, key, (one, other) => {
      const ids = [one, other].map((n) => idOf(JSON.stringify({ webhookName: "x", n }), "webhook", "n"));
      for (const id of ids) expect(id).toMatch(/^[!-~]{1,250}$/);
      expect(ids[0] === ids[1]).toBe(one === other);
    }),
  );
});
