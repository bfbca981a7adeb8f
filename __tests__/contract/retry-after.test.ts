import fc from "fast-check";
import { retryAfterSeconds } from "../../contract/retry-after.ts";

const now = new Date("2026-11-24T12:00:00.000Z");

test.each<[string | undefined, number | undefined]>([
  [undefined, undefined],
  ["", undefined],
  ["120", 120],
  [" 120 ", 120],
  ["0", 0],
  ["-5", undefined],
  ["+5", undefined],
  ["1.5", undefined],
  ["1e3", undefined],
  ["soon", undefined],
  ["2026-11-24T12:01:00Z", undefined], // not a date that HTTP knows
  ["Tue, 24 Nov 2026 12:01:30 GMT", 90],
  ["Tuesday, 24-Nov-26 12:01:30 GMT", 90],
  ["Tue Nov 24 12:01:30 2026", 90],
  ["Wed Nov  4 12:00:00 2026", 0],
  ["Sunday, 06-Nov-94 08:49:37 GMT", 0], // 1994: 2094 would be too far away
  ["Tue, 24 Nov 2026 11:00:00 GMT", 0],
  ["Tue, 24 Nov 2026 12:01:60 GMT", 120],
  ["Tue, 24 Nov 2026 12:01:30", undefined],
  ["Tue, 24 Nov 2026 12:01:30 UTC", undefined],
  ["tue, 24 nov 2026 12:01:30 gmt", undefined],
  ["Tue, 31 Feb 2027 11:00:00 GMT", undefined],
  ["Tue, 24 Nov 2026 24:00:00 GMT", undefined],
  ["Tue, 24 Nov 2026 12:60:00 GMT", undefined],
  ["Tue, 24 Nov 2026 12:01:61 GMT", undefined],
  ["Foo, 24 Nov 2026 12:01:30 GMT", undefined],
  ["9".repeat(400), Number.POSITIVE_INFINITY],
])("Retry-After %j asks for %p seconds", (header, seconds) => {
  expect(retryAfterSeconds(header, now)).toBe(seconds);
});

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** A moment in each form that HTTP knows. */
function formsOf(date: Date): readonly string[] {
  const imf = date.toUTCString();
  const [, day = "", month = "", year = "", time = ""] = imf.split(" ");
  const asctimeDay = day.replace(/^0/, " ");
  return [
    imf,
    `${DAYS[date.getUTCDay()]}, ${day}-${month}-${year.slice(2)} ${time} GMT`,
    `${imf.slice(0, 3)} ${month} ${asctimeDay} ${time} ${year}`,
  ];
}

/** Whole seconds of the years that two digits name today, half a century either way. */
const moments = fc
  .integer({ min: Date.parse("1977-01-01T00:00:00Z") / 1000, max: Date.parse("2076-12-31T23:59:59Z") / 1000 })
  .map((seconds) => new Date(seconds * 1000));

test("a moment is the seconds until then in each of its forms, whatever the fraction of now, and 0 once past", () => {
  fc.assert(
    fc.property(moments, fc.nat({ max: 999 }), (date, fraction) => {
      const at = new Date(now.getTime() + fraction);
      const expected = Math.max(0, Math.ceil((date.getTime() - at.getTime()) / 1000));
      for (const form of formsOf(date)) expect([form, retryAfterSeconds(form, at)]).toEqual([form, expected]);
    }),
    { numRuns: 2_000 },
  );
});

test("digits are seconds; a sign, a fraction, an exponent or an ISO date ask for nothing", () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ noNaN: true }), moments, (whole, number, date) => {
      expect(retryAfterSeconds(String(whole), now)).toBe(whole);
      expect(retryAfterSeconds(`-${whole}`, now)).toBeUndefined();
      expect(retryAfterSeconds(`${whole}.5`, now)).toBeUndefined();
      expect(retryAfterSeconds(date.toISOString(), now)).toBeUndefined();
      const text = String(number);
      expect(retryAfterSeconds(text, now)).toBe(/^\d+$/.test(text) ? Number(text) : undefined);
    }),
  );
});

test("a date with a character more or less is none", () => {
  const damaged = fc
    .tuple(moments, fc.nat({ max: 2 }), fc.nat(), fc.boolean())
    .map(([date, form, at, more]) => {
      const text = formsOf(date)[form] as string;
      const index = at % text.length;
      return more
        ? `${text.slice(0, index)}x${text.slice(index)}`
        : text.slice(0, index) + text.slice(index + 1);
    });
  fc.assert(
    fc.property(damaged, (text) => {
      expect([text, retryAfterSeconds(text, now)]).toEqual([text, undefined]);
    }),
    { numRuns: 2_000 },
  );
});

test("whatever comes in, it is whole seconds and never negative, or nothing", () => {
  fc.assert(
    fc.property(fc.string(), (header) => {
      const seconds = retryAfterSeconds(header, now);
      if (seconds !== undefined) expect(Number.isInteger(seconds) && seconds >= 0).toBe(true);
    }),
  );
});
