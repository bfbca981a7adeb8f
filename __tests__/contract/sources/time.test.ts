import fc from "fast-check";
import { dataAction } from "../../../contract/sources/data-action.ts";
import { openMessaging } from "../../../contract/sources/open-messaging.ts";
import { utcTime } from "../../../contract/sources/time.ts";
import { webhook } from "../../../contract/sources/webhook.ts";

const NOON = "2026-11-24T12:00:00.000Z";
const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

test.each([
  NOON,
  "2026-11-24T12:00:00Z",
  "2026-11-24t12:00:00z",
  "2026-11-24T14:00:00+02:00",
  "2026-11-24T14:00:00.000+0200",
  "2026-11-24T14:00:00+02",
  "2026-11-24T06:30:00-05:30",
  "2026-11-24 12:00:00Z",
  "2026-11-24T12:00Z",
  "2026-11-24T12:00:00",
  "2026-11-24T12:00:00.000456Z",
  1_795_521_600_000,
  1_795_521_600,
  "1795521600000",
  "1795521600",
  "1795521600.0004",
])("%p is noon", (value) => {
  expect(utcTime(value)).toBe(NOON);
});

test.each([
  "yesterday",
  "",
  " ",
  "{{eventTime}}",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a template that nobody has filled in
  "${eventTime}",
  "2026-11-24",
  "2026-02-30T12:00:00Z",
  "2026-13-01T12:00:00Z",
  "2026-11-24T25:00:00Z",
  "2026-11-24T12:60:00Z",
  "2026-11-24T12:00:00+25:00",
  "24.11.2026 12:00",
  "Tue, 24 Nov 2026 12:00:00 GMT",
  "9999-12-31T23:59:59-01:00",
  "0000-01-01T00:00:00+01:00",
  "12",
  "1e12",
  "0x1a2b3c4d5e",
  "999999999999999",
  0,
  -1,
  5,
  1e18,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  null,
  undefined,
  true,
  {},
  [],
])("%p is no time", (value) => {
  expect(utcTime(value)).toBeUndefined();
});

test("every moment, with every offset, in milliseconds and in seconds, is that moment in UTC", () => {
  const moment = fc.date({
    min: new Date("1974-01-01T00:00:00Z"),
    max: new Date("2999-12-31T00:00:00Z"),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(
      moment,
      fc.integer({ min: -14 * 60, max: 14 * 60 }),
      fc.constantFrom(":", ""),
      (at, minutes, colon) => {
        const utc = at.toISOString();
        const there = new Date(at.getTime() + minutes * 60_000).toISOString().slice(0, -1);
        const two = (value: number) => String(Math.trunc(Math.abs(value))).padStart(2, "0");
        const offset = `${minutes < 0 ? "-" : "+"}${two(minutes / 60)}${colon}${two(minutes % 60)}`;
        expect(utcTime(`${there}${offset}`)).toBe(utc);
        expect(utcTime(at.getTime())).toBe(utc);
        expect(utcTime(String(at.getTime()))).toBe(utc);
        expect(utcTime(Math.floor(at.getTime() / 1000))).toBe(`${utc.slice(0, 19)}.000Z`);
      },
    ),
  );
});

test("whatever stands in an event, each source says a time in UTC or none", () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.string(),
    fc.double(),
    fc.date().map((at) => (Number.isNaN(at.getTime()) ? "" : at.toISOString())),
    fc.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/),
  );
  fc.assert(
    fc.property(value, (time) => {
      const facts = [
        webhook.describe({ webhookName: "n", timestamp: time }),
        openMessaging.describe({ id: "1", type: "Text", channel: { id: "c", time } }),
        dataAction.describe({ eventTime: time }),
        dataAction.describe({ eventBody: { eventTime: time } }),
        dataAction.describe({ jsonData: JSON.stringify({ eventTime: time }) }),
      ];
      for (const each of facts) if (each?.occurredAt !== undefined) expect(each.occurredAt).toMatch(UTC);
    }),
    { numRuns: 1_000 },
  );
});
