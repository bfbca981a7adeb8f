import fc from "fast-check";
import { defined } from "../../../contract/defined.ts";
import { retryAfterSeconds } from "../../../contract/retry-after.ts";
import { type BackOffInput, backOffSeconds } from "../../../functions/processor/back-off.ts";

const now = new Date("2026-11-24T12:00:00.000Z");
const usual: BackOffInput = {
  baseSeconds: 30,
  factor: 4,
  capSeconds: 900,
  retryAfterCapSeconds: 3_600,
  receiveCount: 1,
  invokedAt: now,
  now,
  random: 0,
};
const almostOne = 1 - Number.EPSILON;

test.each([
  [1, 30],
  [2, 120],
  [3, 480],
  [4, 900],
  [5, 900],
  [1_000, 900],
])("receive %i waits anything from nothing to %i seconds", (receiveCount, longest) => {
  expect(backOffSeconds({ ...usual, receiveCount, random: 0 })).toBe(0);
  expect(backOffSeconds({ ...usual, receiveCount, random: 0.5 })).toBe(Math.floor((longest + 1) / 2));
  expect(backOffSeconds({ ...usual, receiveCount, random: almostOne })).toBe(longest);
});

test("Retry-After is a minimum, and goes over the cap", () => {
  const retryAfter = "1000";
  expect(backOffSeconds({ ...usual, retryAfter, random: 0 })).toBe(1_000);
  expect(backOffSeconds({ ...usual, retryAfter: "10", random: almostOne })).toBe(30);
});

test.each(["3601", "99999999999999999999", "Tue, 24 Nov 2099 12:00:00 GMT"])(
  "Retry-After %s defers by its own cap and no longer, whatever the back-off's cap is",
  (retryAfter) => {
    expect(backOffSeconds({ ...usual, retryAfter })).toBe(3_600);
    expect(backOffSeconds({ ...usual, retryAfter, retryAfterCapSeconds: 60 })).toBe(60);
    const patient = { ...usual, baseSeconds: 7_200, capSeconds: 7_200, random: almostOne };
    expect(backOffSeconds({ ...patient, retryAfter })).toBe(7_200);
  },
);

test("nothing goes over what SQS still allows: 12 h from the receive, which lies before the invocation", () => {
  const twelveHours = 12 * 3600;
  const endless = { ...usual, retryAfter: "999999", retryAfterCapSeconds: twelveHours };
  expect(backOffSeconds(endless)).toBe(twelveHours - 600);
  expect(backOffSeconds({ ...endless, now: new Date(now.getTime() + 60_000) })).toBe(twelveHours - 660);
});

test("whatever comes in, it is a whole number of seconds, never negative, never over cap or 12 h", () => {
  const header = fc.oneof(
    fc.constant(undefined),
    fc.string(),
    fc.nat().map(String),
    fc.bigInt({ min: 0n }).map(String),
    fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
  );
  fc.assert(
    fc.property(
      fc.record({
        baseSeconds: fc.double({ min: 0.001, max: 1e9, noNaN: true }),
        factor: fc.double({ min: 1, max: 1e9, noNaN: true }),
        capSeconds: fc.double({ min: 0.001, max: 1e9, noNaN: true }),
        retryAfterCapSeconds: fc.integer({ min: 1, max: 43_200 }),
        receiveCount: fc.integer({ min: 1, max: 10_000 }),
        header,
        elapsed: fc.integer({ min: -60_000, max: 20 * 3600_000 }),
        random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      }),
      ({ header: retryAfter, elapsed, ...rest }) => {
        const input = {
          ...rest,
          invokedAt: now,
          now: new Date(now.getTime() + elapsed),
          ...defined({ retryAfter }),
        };
        const seconds = backOffSeconds(input);
        expect(Number.isInteger(seconds)).toBe(true);
        expect(seconds).toBeGreaterThanOrEqual(0);
        expect(seconds).toBeLessThanOrEqual(Math.max(0, 12 * 3600 - Math.max(0, elapsed / 1000)));
        const asked = retryAfterSeconds(retryAfter, input.now) ?? 0;
        if (asked === 0) expect(seconds).toBeLessThanOrEqual(rest.capSeconds);
        expect(seconds).toBeLessThanOrEqual(Math.max(rest.capSeconds, rest.retryAfterCapSeconds));
      },
    ),
    { numRuns: 2_000 },
  );
});
