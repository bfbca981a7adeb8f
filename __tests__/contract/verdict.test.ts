import {
  type Evidence,
  type FailingEvent,
  noEvidence,
  noTally,
  OTHER_TYPES,
  type Tally,
} from "../../contract/evidence.ts";
import { isToBlame, mayRedrive, outageIn, totalOf } from "../../contract/verdict.ts";

const now = Date.parse("2026-03-01T12:00:00.000Z");
const MINUTE = 60_000;
const minutesAgo = (minutes: number) => now - minutes * MINUTE;

const tally = (changes: Partial<Tally>): Tally => ({ ...noTally, ...changes });
const evidence = (changes: Partial<Evidence>): Evidence => ({ ...noEvidence, ...changes });
const events = (count: number, changes: Partial<FailingEvent> = {}): FailingEvent[] =>
  Array.from({ length: count }, (_, index) => ({ mark: `m${index}`, type: "a", ...changes }));

test("tallies add up", () => {
  const one: Tally = { succeeded: 1, failed: 2, refused: 3, firstSucceeded: 4, firstFailed: 5 };
  expect(totalOf([one, one])).toEqual({
    succeeded: 2,
    failed: 4,
    refused: 6,
    firstSucceeded: 8,
    firstFailed: 10,
  });
  expect(totalOf([])).toEqual(noTally);
  expect(noTally).toEqual({ succeeded: 0, failed: 0, refused: 0, firstSucceeded: 0, firstFailed: 0 });
});

describe("an outage", () => {
  test("is so many different events in a row, where none succeeds", () => {
    const failing = [
      ...events(2, { receivedAt: 7 }),
      ...events(1, { type: "b", receivedAt: 5 }),
      ...events(1, { type: "b" }),
    ];
    const seen = evidence({ failing, failedInRow: 1, types: new Map([["a", tally({ failed: 9 })]]) });
    expect(outageIn(seen, 4, now)).toEqual({ events: 4, types: 2, oldest: 5 });
    expect(outageIn(seen, 5, now)).toBeUndefined();
    expect(outageIn({ ...seen, failedInRow: 0 }, 4, now)).toBeUndefined();
    const without = evidence({ failing: events(4), failedInRow: 1 });
    expect(outageIn(without, 4, now)).toStrictEqual({ events: 4, types: 1 });
  });

  // With m misses before the row and s successes, n in a row are chance with ((m + 1) / (m + s + 2)) ** n.
  test.each([
    [0, 97, 4], // 1 of 99
    [0, 0, 1],
    [4, 4, 20], // 1 of 2
    [9, 0, 1], // nothing succeeds
    [8, 90, 6], // 9 of 100
    [49, 49, 20],
  ])("after %i misses and %i successes is a row of %i, and no shorter one", (missed, succeeded, row) => {
    const seen = (inRow: number) =>
      evidence({
        failing: events(5),
        failedInRow: inRow,
        types: new Map([
          ["a", tally({ failed: missed + inRow, succeeded })],
          ["b", tally({ refused: 1_000 })],
        ]),
      });
    expect(outageIn(seen(row), 5, now)).toBeDefined();
    expect(outageIn(seen(row - 1), 5, now)).toBeUndefined();
  });

  test("is no measure of how it goes otherwise: what was missed in those before does not count", () => {
    const types = new Map([["a", tally({ failed: 8 + 6, succeeded: 90 })]]);
    const seen = evidence({ failing: events(5), failedInRow: 5, missedInOutages: 0, types });
    expect(outageIn(seen, 5, now)).toBeUndefined();
    expect(outageIn({ ...seen, missedInOutages: 8 }, 5, now)).toBeDefined();
    expect(outageIn({ ...seen, missedInOutages: 800 }, 5, now)).toBeDefined();
  });

  test("has a row that is longer than what the tallies still know", () => {
    const types = new Map([["a", tally({ failed: 2, succeeded: 98 })]]);
    expect(outageIn(evidence({ failing: events(5), failedInRow: 5, types }), 5, now)).toBeDefined();
  });

  test.each<[string, Partial<Evidence>, boolean]>([
    ["another type succeeded lately", { succeededAt: new Map([["b", minutesAgo(30) + 1]]) }, false],
    ["another type succeeded half an hour ago", { succeededAt: new Map([["b", minutesAgo(30)]]) }, true],
    ["the type itself succeeded lately", { succeededAt: new Map([["a", minutesAgo(1)]]) }, true],
    [
      "types beyond the first ten fail, which may be many",
      { failing: events(5, { type: OTHER_TYPES }), succeededAt: new Map([["b", now]]) },
      true,
    ],
    [
      "two types fail, and a third succeeded lately",
      { failing: [...events(4), ...events(1, { type: "c" })], succeededAt: new Map([["b", now]]) },
      true,
    ],
  ])("where %s", (_, changes, expected) => {
    const seen = evidence({ failing: events(5), failedInRow: 5, ...changes });
    expect(outageIn(seen, 5, now) !== undefined).toBe(expected);
  });

  test("is many different events that are refused alike", () => {
    const refused = [...events(4, { status: 422, receivedAt: 3 }), ...events(3, { status: 400 })];
    const types = new Map([["a", tally({ refused: 7 })]]);
    const seen = evidence({ refused, refusedInRow: 7, types });
    expect(outageIn(seen, 4, now)).toEqual({ events: 4, types: 1, oldest: 3, refusedWith: 422 });
    expect(outageIn({ ...seen, refused: [...refused].reverse() }, 4, now)?.refusedWith).toBe(422);
    expect(outageIn(seen, 5, now)).toBeUndefined();
    expect(outageIn({ ...seen, refusedInRow: 0 }, 4, now)).toBeUndefined();
    const unnamed = evidence({ refused: events(4), refusedInRow: 4 });
    expect(outageIn(unnamed, 4, now)).toStrictEqual({ events: 4, types: 1 });
    expect(outageIn(noEvidence, 1, now)).toBeUndefined();
  });

  test("of refusals is judged by refusals, and one of failures by failures", () => {
    const types = new Map([["a", tally({ refused: 4, failed: 1_000, succeeded: 98 })]]);
    const refused = evidence({ refused: events(5, { status: 400 }), refusedInRow: 5, types });
    expect(
      outageIn({ ...refused, types: new Map([["a", tally({ refused: 5, succeeded: 98 })]]) }, 5, now),
    ).toBeDefined();
    expect(outageIn(refused, 5, now)).toBeDefined();
    const both = { ...refused, failing: events(6), failedInRow: 1_001, types: new Map() };
    expect(outageIn(both, 5, now)).toStrictEqual({ events: 6, types: 1 });
  });
});

describe("an event is to blame", () => {
  /** The fewest attempts after which it is; more than a thousand is never. */
  const fewest = (types: Record<string, Partial<Tally>>, changes: Partial<Evidence> = {}) => {
    const seen = evidence({
      types: new Map(Object.entries(types).map(([type, each]) => [type, tally(each)])),
      lastSuccessAt: now,
      ...changes,
    });
    for (let attempts = 1; attempts <= 1_000; attempts++)
      if (isToBlame(seen, "a", attempts, now)) return attempts;
    return undefined;
  };

  test.each([
    // good, bad (without the event itself), the upper end of Wilson's interval
    [100, 0, 3], // 0.0370
    [5, 0, 12], // 0.4345
    [10, 1, 10], // 0.3774
    [9, 1, 11], // 0.4042
    [5, 5, 35], // 0.7634
    [80, 20, 8], // 0.2888
    [1, 3, 198], // 0.9544
  ])("where %i succeed and %i fail, after %i attempts", (succeeded, failed, attempts) => {
    expect(fewest({ b: { succeeded, failed } })).toBe(attempts);
    expect(fewest({ a: { succeeded, failed: failed + 1 } })).toBe(attempts);
  });

  test("by first attempts where there are five of them, since one bad event drives up all others", () => {
    const all = { succeeded: 10, failed: 90 };
    expect(fewest({ b: { ...all, firstSucceeded: 5 } })).toBe(12);
    expect(fewest({ b: { ...all, firstSucceeded: 4, firstFailed: 1 } })).toBe(
      fewest({ b: { succeeded: 4, failed: 1 } }),
    );
    expect(fewest({ b: { ...all, firstSucceeded: 4 } })).toBe(fewest({ b: all }));
    expect(fewest({ b: { ...all, firstFailed: 5 } })).toBe(fewest({ b: all }));
    // The event's own first attempt is none of them.
    expect(fewest({ a: { ...all, firstSucceeded: 5, firstFailed: 1 } })).toBe(12);
    expect(fewest({ a: { succeeded: 5 } })).toBe(12);
  });

  test("by its own type, where that succeeds, and else by the others", () => {
    const others = { succeeded: 5, failed: 5 };
    expect(fewest({ a: { succeeded: 100, failed: 1 }, b: others })).toBe(3);
    expect(fewest({ a: { failed: 100 }, b: others })).toBe(35);
    expect(fewest({ b: { succeeded: 2, failed: 2 }, c: { succeeded: 3, failed: 3 } })).toBe(35);
  });

  test("never where nothing succeeds, or nothing did for half an hour", () => {
    const types = { b: { succeeded: 100 } };
    expect(fewest({ a: { failed: 5 }, b: { failed: 5 } })).toBeUndefined();
    expect(fewest({})).toBeUndefined();
    const { lastSuccessAt: _, ...never } = evidence({ types: new Map([["b", tally({ succeeded: 100 })]]) });
    expect(isToBlame(never, "a", 1_000, now)).toBe(false);
    expect(fewest(types, { lastSuccessAt: minutesAgo(30) })).toBeUndefined();
    expect(fewest(types, { lastSuccessAt: minutesAgo(30) + 1 })).toBe(3);
  });
});

test.each<[string, Partial<Evidence>, boolean]>([
  ["nothing fails", {}, true],
  ["one event fails", { failing: events(1), lastFailureAt: now }, true],
  ["two fail", { failing: events(2), lastFailureAt: now }, false],
  ["two failed just under an hour ago", { failing: events(2), lastFailureAt: minutesAgo(60) + 1 }, false],
  ["two failed an hour ago", { failing: events(2), lastFailureAt: minutesAgo(60) }, true],
  ["two failed and nobody knows when", { failing: events(2) }, true],
  [
    "two of one type fail, and another type succeeds",
    { failing: events(2), lastFailureAt: now, succeededAt: new Map([["b", now]]) },
    true,
  ],
])("dead letters may go back or not, where %s", (_, changes, expected) => {
  expect(mayRedrive(evidence(changes), now)).toBe(expected);
});
