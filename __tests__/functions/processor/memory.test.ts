import { sha256 } from "../../../contract/event/envelope.ts";
import { bindToBytes, givenName, homeOf, repeatedName } from "../../../contract/event/identity.ts";
import type { BatchStore } from "../../../functions/processor/batch-store.ts";
import { DeliveryLock } from "../../../functions/processor/delivery-lock.ts";
import {
  decide,
  type Ending,
  type EventToDeliver,
  ended,
  type Memories,
  type Memory,
} from "../../../functions/processor/memory.ts";
import type { Stored } from "../../../functions/processor/memory-item.ts";
import type { MemoryStore } from "../../../functions/processor/memory-store.ts";

/** What an item of the state table makes of the next delivery, to the millisecond. */

const START = Date.parse("2026-11-24T12:00:00.000Z");
const NOW = START + 1_000_000;
const LOCK = NOW + 30_000;
const at = (milliseconds: number) => new Date(START + milliseconds).toISOString();

const given = (bytes: string) => bindToBytes(givenName("webhook", ["7"]), sha256(bytes));
const repeated = (milliseconds: number) =>
  bindToBytes(repeatedName("webhook", [], new Date(START + milliseconds), 120), sha256("bytes"));

const event = (changes: Partial<EventToDeliver> = {}): EventToDeliver => ({
  id: given("bytes"),
  receivedAt: START,
  attempts: 0,
  firstAttemptAt: at(0),
  ...changes,
});
const memory = (changes: Partial<Memory> = {}): Memory => ({
  eventId: given("bytes"),
  receivedAt: START,
  delivered: false,
  heldUntil: 0,
  attempts: 1,
  firstAttemptAt: at(0),
  ...changes,
});
const decided = (seen: Memories | undefined, what = event()) =>
  decide(seen, what, NOW, LOCK, homeOf(what.id).spanMilliseconds);
const seen = (changes: Partial<Memory> = {}, later: Memories["later"] = []): Memories => ({
  event: memory(changes),
  later,
});

describe("begins", () => {
  test("what nobody has seen, with its first request counted", () => {
    expect(decided(undefined, event({ attempts: 4 }))).toEqual({
      kind: "begin",
      write: { event: memory({ heldUntil: LOCK, attempts: 5 }), later: [] },
    });
  });

  test("what does not say when it was received, and says nothing of that", () => {
    const { receivedAt: _, ...unknown } = event();
    const { receivedAt: __, ...written } = memory({ heldUntil: LOCK });
    expect(decided(undefined, unknown)).toEqual({ kind: "begin", write: { event: written, later: [] } });
  });

  test.each<[string, Partial<Memory>, Partial<EventToDeliver>, Partial<Memory>]>([
    ["the item knows of more requests", { attempts: 7 }, { attempts: 2 }, { attempts: 8 }],
    ["the message knows of more requests", { attempts: 2 }, { attempts: 7 }, { attempts: 8 }],
    ["the item knows an earlier first one", {}, { firstAttemptAt: at(5) }, { attempts: 2 }],
    [
      "the message knows an earlier first one",
      { firstAttemptAt: at(5) },
      { firstAttemptAt: at(1) },
      { attempts: 2, firstAttemptAt: at(1) },
    ],
    ["the item was received earlier", {}, { receivedAt: START + 5 }, { attempts: 2 }],
    [
      "the message was received earlier",
      { receivedAt: START + 5 },
      {},
      { attempts: 2, receivedAt: START + 5 },
    ],
    ["its lock ends just now", { heldUntil: NOW }, {}, { attempts: 2 }],
  ])("what has failed, where %s", (_where, before, what, after) => {
    const later = [{ eventId: "another", receivedAt: START }];
    expect(decided(seen(before, later), event(what))).toEqual({
      kind: "begin",
      write: { event: memory({ heldUntil: LOCK, ...after }), later },
    });
  });

  test("what was delivered longer ago than the window, afresh: of that only the later ones stay", () => {
    const later = [{ eventId: "another", receivedAt: START - 500_000 }];
    const before = { delivered: true, heldUntil: NOW, attempts: 7, firstAttemptAt: at(-9) };
    expect(decided(seen(before, later))).toEqual({
      kind: "begin",
      write: { event: memory({ heldUntil: LOCK }), later },
    });
  });
});

test("what was delivered within the window is a duplicate, to its last millisecond", () => {
  expect(decided(seen({ delivered: true, heldUntil: NOW + 1 }))).toEqual({ kind: "duplicate" });
});

test("what somebody is at is in progress, to the lock's last millisecond", () => {
  expect(decided(seen({ heldUntil: NOW + 1 }))).toEqual({ kind: "in-progress" });
});

describe("lies elsewhere", () => {
  test.each([false, true])(
    "an event of the same id and other bytes (the first delivered: %p)",
    (delivered) => {
      const other = event({ id: given("other bytes") });
      expect(decided(seen({ delivered, heldUntil: NOW + 1 }), other)).toEqual({
        kind: "elsewhere",
        eventId: other.id,
        otherBytes: true,
      });
    },
  );

  const first = { eventId: repeated(0), delivered: true, heldUntil: NOW + 1 };
  const repetition = (milliseconds: number) =>
    event({ id: repeated(milliseconds), receivedAt: START + milliseconds });

  test.each([
    [119_999, "duplicate"],
    [-119_999, "duplicate"],
    [120_000, "elsewhere"],
    [-120_000, "elsewhere"],
  ])("%d ms from the first, the same bytes are: %s", (milliseconds, kind) => {
    expect(decided(seen(first), repetition(milliseconds))).toMatchObject({ kind });
  });

  test("the same bytes after the span: they are named from then on, beside those before", () => {
    const later = [{ eventId: repeated(300_000), receivedAt: START + 300_000 }];
    expect(decided(seen(first, later), repetition(600_000))).toEqual({
      kind: "elsewhere",
      eventId: repeated(600_000),
      otherBytes: false,
      write: {
        event: memory(first),
        later: [...later, { eventId: repeated(600_000), receivedAt: START + 600_000 }],
      },
    });
  });

  test("without a time of their own they are named by now", () => {
    const { receivedAt: _, ...unknown } = repetition(600_000);
    expect(decided(seen(first), unknown)).toMatchObject({
      write: { later: [{ eventId: repeated(600_000), receivedAt: NOW }] },
    });
  });

  test("a repetition of one that is named already, which is noted once", () => {
    const later = [{ eventId: repeated(300_000), receivedAt: START + 300_000 }];
    const noted = [...later, { eventId: repeated(300_000), receivedAt: START + 400_000 }];
    const named = { kind: "elsewhere", eventId: repeated(300_000), otherBytes: false };
    for (const heldUntil of [NOW, NOW + 1]) {
      const before = { ...first, heldUntil };
      expect(decided(seen(before, later), repetition(400_000))).toEqual({
        ...named,
        write: { event: memory(before), later: noted },
      });
      expect(decided(seen(before, noted), repetition(400_000))).toEqual(named);
    }
  });

  test("where as many are noted as an item takes, each window is an event, and nothing more is written", () => {
    const later = Array.from({ length: 300 }, (_, index) => {
      const after = (index + 1) * 30_000;
      return { eventId: repeated(after), receivedAt: START + after };
    });
    const elsewhere = { kind: "elsewhere", otherBytes: false };
    for (const milliseconds of [8_990_000, 30_000_000])
      expect(decided(seen(first, later), repetition(milliseconds))).toEqual({
        ...elsewhere,
        eventId: repeated(milliseconds),
      });
    const anew = decided(seen({ ...first, heldUntil: NOW }, later), repetition(30_000_000));
    expect(anew).toMatchObject({
      kind: "begin",
      write: { event: { eventId: repeated(30_000_000) }, later: [] },
    });
  });
});

describe("ends", () => {
  const begun = memory({ heldUntil: LOCK, attempts: 3 });
  const ending = (changes: Partial<Ending> = {}): Ending => ({
    begun,
    succeeded: true,
    attempts: 3,
    rememberUntil: NOW + 3_600_000,
    ...changes,
  });
  const later = [{ eventId: "another", receivedAt: START }];

  test("with a success, which is remembered for the window", () => {
    expect(ended({ event: begun, later }, ending())).toEqual({
      event: { ...begun, delivered: true, heldUntil: NOW + 3_600_000 },
      later,
    });
  });

  test("with a failure, and gives the lock back", () => {
    const failure = ending({ succeeded: false });
    expect(ended({ event: begun, later }, failure)).toEqual({ event: { ...begun, heldUntil: 0 }, later });
    expect(ended(undefined, failure)).toEqual({ event: { ...begun, heldUntil: 0 }, later: [] });
  });

  test("with a failure after its lock, and takes nothing from who came after, whose requests count on", () => {
    const theirs = { ...begun, heldUntil: LOCK + 1, attempts: 4 };
    expect(ended({ event: theirs, later: [] }, ending({ succeeded: false, attempts: 5 }))).toEqual({
      event: { ...theirs, attempts: 6 },
      later: [],
    });
  });

  test.each<[string, Partial<Memory>]>([
    ["another event has its place", { eventId: "another" }],
    ["somebody else has delivered it", { delivered: true }],
  ])("with nothing to write, where %s", (_where, changes) => {
    expect(ended({ event: { ...begun, ...changes }, later: [] }, ending())).toBeUndefined();
  });
});

describe("where others always write first", () => {
  let tried = 0;
  beforeEach(() => {
    tried = 0;
  });
  const busy: Stored = { memories: seen(), revision: 1, writer: "another" };
  const found = async () => {
    tried++;
    return { found: busy };
  };
  const store = { begin: found, put: found, newWriter: () => "ours" } as unknown as MemoryStore;
  const lock = new DeliveryLock(store, { withReceipt: async (it: Stored) => it } as unknown as BatchStore);

  test("taking a lock gives up after fifty tries more", async () => {
    await expect(lock.take(event(), LOCK)).rejects.toMatchObject({ name: "TooManyWritersError" });
    expect(tried).toBe(51);
  });

  test("giving it back gives up after fifty", async () => {
    const begun = { item: event().id, stored: busy, event: event(), otherBytes: false };
    const ending = { succeeded: true, attempts: 1, rememberUntil: NOW };
    await expect(lock.end(begun, ending)).rejects.toMatchObject({
      name: "TooManyWritersError",
      message: "Too many write the same item at the same time.",
    });
    expect(tried).toBe(50);
  });
});
