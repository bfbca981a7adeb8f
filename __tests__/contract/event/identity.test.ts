import fc from "fast-check";
import { sha256 } from "../../../contract/event/envelope.ts";
import {
  bareName,
  bindToBytes,
  givenName,
  homeOf,
  isBound,
  isMeant,
  nameOfId,
  repeatedName,
  shortId,
  uniqueName,
} from "../../../contract/event/identity.ts";
import type { Scalar } from "../../../contract/event/raw-json.ts";

const bytes = sha256("bytes");
const at = (time: string) => new Date(`2026-11-24T${time}Z`);
const repeated = (time: string, hash = bytes) =>
  bindToBytes(repeatedName("webhook", [], at(time), 120), hash);

/** Strings with lone surrogates, separators and digits among them, and numbers. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom("|", "~", "=", "#", "*", "@", "!", "+", "%", "1", "\uD800", "\uDC00", "a"),
  }),
);
const value: fc.Arbitrary<Scalar> = fc.oneof(
  text,
  fc.bigInt().map((digits) => ({ digits: String(digits) })),
);

test("no two different lists of values share a name, and every name is visible ASCII of bounded length", () => {
  const values = fc.array(value, { maxLength: 4 });
  fc.assert(
    fc.property(values, values, (one, other) => {
      const [left, right] = [givenName("webhook", one), givenName("webhook", other)];
      expect(left).toMatch(/^[!-~]{1,200}$/);
      expect(left === right).toBe(JSON.stringify(one) === JSON.stringify(other));
    }),
    { numRuns: 2_000 },
  );
});

test.each<[string, Scalar[], Scalar[]]>([
  ["a number and its digits as a text", [{ digits: "1" }], ["1"]],
  ["two lone surrogates", ["\uD800"], ["\uDC00"]],
  ["a lone surrogate and what replaces it", ["\uD800"], ["\uFFFD"]],
  ["a separator inside", ["a|b"], ["a", "b"]],
  ["what escapes a separator", ["a=7Cb"], ["a|b"]],
  ["a long value and its hash", ["x".repeat(300)], [`*${sha256(`webhook|${"x".repeat(300)}`)}`]],
])("%s are two names", (_, one, other) => {
  expect(givenName("webhook", one)).not.toBe(givenName("webhook", other));
});

test("what a person reads of a name", () => {
  expect(givenName("webhook", ["a-1", { digits: "7" }, "é |"])).toBe("webhook|a-1|#7|=C3=A9=20=7C");
  expect(repeatedName("webhook", [], at("12:03:59.999"), 120)).toBe("webhook@2026-11-24T12:02:00Z+120");
  expect(repeatedName("open-messaging", ["i"], at("12:00:00"), 60)).toBe(
    "open-messaging|i@2026-11-24T12:00:00Z+60",
  );
});

test("the same bytes within one window have one id, other bytes and the next window another", () => {
  expect(repeated("12:00:00")).toBe(repeated("12:01:59.999"));
  expect(repeated("12:00:00")).not.toBe(repeated("12:00:00", sha256("others")));
  expect(repeated("12:01:59.999")).not.toBe(repeated("12:02:00"));
});

test("events that may be one meet: neighbouring windows of the same bytes, and the same name", () => {
  expect(homeOf(repeated("12:01:59"))).toEqual(homeOf(repeated("12:02:00")));
  expect(homeOf(repeated("12:01:59"))).toMatchObject({ spanMilliseconds: 120_000 });
  expect(homeOf(repeated("12:01:59")).id).not.toBe(homeOf(repeated("12:01:59", sha256("others"))).id);
  const given = givenName("webhook", ["7"]);
  expect(homeOf(bindToBytes(given, bytes))).toEqual({ id: given });
  expect(homeOf(bindToBytes(given, sha256("others")))).toEqual({ id: given });
});

test("events that are never one never meet", () => {
  const ids = [
    bindToBytes(uniqueName("data-action", "1"), bytes),
    bindToBytes(uniqueName("data-action", "2"), bytes),
    bindToBytes(bareName("webhook"), bytes),
    bindToBytes(bareName("webhook"), sha256("others")),
    repeated("12:00:00"),
    bindToBytes(givenName("webhook", ["@2026-11-24T12:00:00Z+120"]), bytes),
  ];
  expect(new Set(ids.map((id) => homeOf(id).id)).size).toBe(ids.length);
});

test("an id is bound to its bytes once", () => {
  const id = bindToBytes("webhook|1", bytes);
  expect(bindToBytes(id, bytes)).toBe(id);
  expect(bindToBytes(id, sha256("others"))).not.toBe(id);
});

test.each([
  ["webhook", "webhook|1~0"],
  ["webhook", "webhook@2026-11-24T12:00:00Z+120~0"],
  ["data-action", "data-action!1"],
])("of %s, %s is a name already", (source, id) => {
  expect(nameOfId(source, id)).toBe(id);
});

test.each([
  ["webhook", "1"],
  ["webhook", "webhooks|1"],
  ["data-action", "webhook|1"],
  ["webhook", "webhook|ü"],
  ["webhook", `webhook|${"x".repeat(400)}`],
])("to %s, %s is another producer's id", (source, id) => {
  expect(nameOfId(source, id)).toBe(givenName(source, [id]));
});

test("a person may mean an id by its beginning, by what the sender has given, or by its short form", () => {
  const id = bindToBytes(givenName("webhook", ["order-1"]), bytes);
  for (const meant of ["webhook|order-1", "order-", id, shortId(id, 8)])
    expect(isMeant(id, meant)).toBe(true);
  for (const other of ["order-2", "rder", "hook", bytes.slice(0, 8)]) expect(isMeant(id, other)).toBe(false);
});

test("what EventBridge calls an event is short for that event's id too", () => {
  const own = "7bf73129-1428-4cd3-a780-95db273d1602";
  expect(shortId(bindToBytes(nameOfId("eventbridge", own), bytes), 8)).toBe(shortId(own, 8));
});

test("an id names bytes by 32 digits at its end", () => {
  const hash = bytes.slice(0, 32);
  expect(bindToBytes("webhook|1", bytes)).toBe(`webhook|1~${hash}`);
  expect([`a~${hash}`, "a", `a~${hash}0`, `a~${hash.slice(1)}`, `a~${"g".repeat(32)}`].map(isBound)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});

test("an id that names no bytes is at home by itself, whatever its first character", () => {
  expect([homeOf("webhook!1"), homeOf("~")]).toEqual([{ id: "webhook!1" }, { id: "~" }]);
});

test("what only looks like a window or like EventBridge's is neither", () => {
  for (const name of ["a@x+1y", "a@b@x+1", "a@x+"]) expect(homeOf(`${name}~0`)).toEqual({ id: `${name}~0` });
  const [beside, behind] = ["not-eventbridge|own~0", "eventbridge|own~0x"];
  for (const id of [beside, behind]) expect(shortId(id, 64)).toBe(sha256(id));
  expect(shortId("eventbridge|own~0", 8)).toBe(sha256("own").slice(0, 8));
});

test("bytes and lone surrogates are written with all their digits, and a long name by its hash", () => {
  expect(givenName("webhook", ["\n", "\uD800"])).toBe("webhook|=0A|=uD800");
  const fits = "x".repeat(200 - "webhook|".length);
  expect(givenName("webhook", [fits])).toBe(`webhook|${fits}`);
  expect(givenName("webhook", [`${fits}x`])).toBe(`webhook|*${sha256(`webhook|${fits}x`)}`);
});
