import fc from "fast-check";
import { defined } from "../../../contract/defined.ts";
import type { HttpSource } from "../../../contract/sources/index.ts";
import type { SourceSettings } from "../../../contract/variables/sources.ts";
import { describe as describeEvent } from "../../../functions/receiver/describe.ts";

const at = new Date("2026-11-24T12:00:00Z");

function idOf(body: string, source: HttpSource = "webhook", dedupePath?: string): string {
  const settings: SourceSettings = {
    source,
    authentication: {},
    ...defined({ dedupePath }),
  };
  return describeEvent(Buffer.from(body), settings, at).head.id;
}

const receipt = (more: object = {}, channel: object = {}) =>
  JSON.stringify({
    id: "m-1",
    type: "Text",
    channel: { id: "ch-1", time: "2026-11-24T12:00:00Z", ...channel },
    ...more,
  });

test("a message's receipt, another time, another channel are other events", () => {
  const ids = [
    receipt(),
    receipt({ type: "Receipt" }),
    receipt({}, { time: "2026" }),
    receipt({}, { id: "ch-2" }),
  ];
  expect(new Set(ids.map((body) => idOf(body, "open-messaging"))).size).toBe(4);
  expect(idOf(receipt({ text: "re-delivered, written differently" }), "open-messaging")).toBe(
    idOf(receipt(), "open-messaging"),
  );
});

test("without channel id or time, the body decides", () => {
  const [one, other] = [
    receipt({ text: "1" }, { time: undefined }),
    receipt({ text: "2" }, { time: undefined }),
  ];
  expect(idOf(one, "open-messaging")).not.toBe(idOf(other, "open-messaging"));
  expect(idOf(one, "open-messaging")).toBe(idOf(one, "open-messaging"));
});

test("one body through two sources is two events", () => {
  const body = '{"webhookName":"x","n":1}';
  expect(idOf(body, "webhook")).not.toBe(idOf(body, "data-action"));
  expect(idOf(body, "webhook", "n")).not.toBe(idOf(body, "data-action", "n"));
});

test.each([
  ["n", '{"webhookName":"x","n":"7"}', "webhook|7"],
  ["detail.id", '{"webhookName":"x","detail":{"id":"a-1"}}', "webhook|a-1"],
  ["n", '\uFEFF{"webhookName":"x", "n" : "7" }', "webhook|7"],
  ["__proto__.id", '{"webhookName":"x","__proto__":{"id":"p"}}', "webhook|p"],
  ["n", '{"webhookName":"x","n":1,"n":2}', "webhook|2"],
  ["n", '{"webhookName":"x","n":12345678901234567891}', "webhook|12345678901234567891"],
])("a configured path %s reads %s as %s", (path, body, id) => {
  expect(idOf(body, "webhook", path)).toBe(id);
});

test.each(["", "null", '""', "true", "{}", "[]", '{"id":1}'])(
  "a path to %j falls back to the body's hash",
  (value) => {
    const body = value === "" ? '{"webhookName":"x"}' : `{"webhookName":"x","n":${value}}`;
    expect(idOf(body, "webhook", "n")).toBe(idOf(body, "webhook"));
    expect(idOf(body, "webhook", "n")).toMatch(/^[0-9a-f]{64}$/);
  },
);

test("every id fits attribute, header and log line, and two keys never share one", () => {
  const key = fc
    .string({ unit: "binary", minLength: 1, maxLength: 400 })
    .filter((text) => text.isWellFormed());
  fc.assert(
    fc.property(key, key, (one, other) => {
      const ids = [one, other].map((n) => idOf(JSON.stringify({ webhookName: "x", n }), "webhook", "n"));
      for (const id of ids) expect(id).toMatch(/^[!-~]{1,200}$/);
      expect(ids[0] === ids[1]).toBe(one === other);
    }),
  );
});
