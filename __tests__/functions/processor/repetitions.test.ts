import { sha256 } from "../../../contract/event/envelope.ts";
import { bindToBytes, repeatedName } from "../../../contract/event/identity.ts";
import { identify, type Received } from "../../../functions/processor/repetitions.ts";
import { readReceived, writeReceived } from "../../../functions/processor/repetitions-text.ts";

const SPAN = 120_000;
const START = Date.parse("2026-11-24T12:00:00.000Z");
const idAt = (seconds: number) =>
  bindToBytes(repeatedName("webhook", [], new Date(START + seconds * 1_000), 120), sha256("bytes"));
const message = (seconds: number) => ({ id: idAt(seconds), receivedAt: START + seconds * 1_000 });

/** All orders of a list. */
function orders<T>(all: readonly T[]): T[][] {
  if (all.length === 0) return [[]];
  return all.flatMap((one, at) => orders(all.toSpliced(at, 1)).map((rest) => [one, ...rest]));
}

/** Which event each message is, in the order in which they are processed. */
function processed(seconds: readonly number[]): Map<number, string> {
  const all: Received[] = [];
  return new Map(
    seconds.map((each) => {
      const { eventId } = identify(message(each), all, SPAN);
      all.push({ eventId, receivedAt: START + each * 1_000 });
      return [each, eventId];
    }),
  );
}

test.each<[readonly number[], number]>([
  [[0, 110, 130], 2],
  [[0, 85, 130, 215], 2],
  [[5, 60, 119], 1],
  [[0, 60, 120, 180, 240], 3],
  [[100, 130, 219, 221], 2],
  [[0, 119, 238, 357, 476], 3],
  [[0, 600, 610, 1_200], 3],
])(
  "received at %j s they are %i events, each under a key of its own, whatever their order",
  (seconds, events) => {
    for (const order of orders(seconds)) expect(new Set(processed(order).values()).size).toBe(events);
  },
);

test("in the order in which they came each counts from its first", () => {
  expect([...processed([0, 85, 130, 215]).values()]).toEqual([0, 0, 130, 130].map(idAt));
});

test("one that comes again is what it was", () => {
  const all: Received[] = [
    { eventId: idAt(110), receivedAt: START + 110_000 },
    { eventId: idAt(110), receivedAt: START + 130_000 },
    { eventId: idAt(130), receivedAt: START },
  ];
  for (const [seconds, eventId] of [
    [0, idAt(130)],
    [110, idAt(110)],
    [130, idAt(110)],
  ] as const)
    expect(identify(message(seconds), all, SPAN)).toEqual({ eventId, isNew: false, isNoted: true });
});

test("where none of their own windows is free, it has the id of an earlier one", () => {
  const all = [0, 130].map((seconds) => ({ eventId: idAt(seconds), receivedAt: START + seconds * 1_000 }));
  const { eventId, isNew } = identify(message(250), [...all, { eventId: idAt(250) }], SPAN);
  expect(isNew).toBe(true);
  expect(eventId).toBe(idAt(-120));
});

describe("an item keeps them", () => {
  const first = { eventId: idAt(110), receivedAt: START + 110_000 };
  const all: Received[] = [
    { eventId: idAt(250), receivedAt: START + 250_123 },
    { eventId: idAt(110), receivedAt: START + 130_000 },
    { eventId: idAt(130), receivedAt: START },
  ];

  test("in a few bytes each, and as they were", () => {
    const text = writeReceived(first, all);
    expect(text).toBe("[140123,[20000,-1],[-110000,1]]");
    expect(readReceived(first, text)).toEqual(all);
  });

  test.each<[string, { eventId: string; receivedAt?: number }, readonly Received[]]>([
    ["whose first says no time", { eventId: idAt(0) }, all],
    ["that are called otherwise", first, [{ eventId: "another", receivedAt: START }, { eventId: idAt(0) }]],
  ])("%s", (_, like, received) => {
    expect(readReceived(like, writeReceived(like, received))).toEqual(received);
  });

  test("and those of a version that wrote them out", () => {
    expect(readReceived(first, JSON.stringify(all))).toEqual(all);
  });
});
