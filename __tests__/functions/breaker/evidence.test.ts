import { jest } from "@jest/globals";
import { noTally } from "../../../contract/evidence.ts";
import { BreakerGuard } from "../../../functions/breaker/guard.ts";
import type { Observation } from "../../../functions/breaker/observation.ts";
import { BreakerStore } from "../../../functions/breaker/store.ts";
import { startStateTable } from "../../support/dynamodb.ts";
import { forEachTest } from "../../support/hooks.ts";
import { heldLogger } from "../../support/log-lines.ts";

/** What processors have seen, as the next one reads it: the judgement about an outage rests on it alone. */

const MINUTE = 60_000;
/** A quarter of an hour begins: tallies are kept by quarters. */
const START = Date.parse("2026-03-01T12:00:00.000Z");
const dynamodb = forEachTest(startStateTable);
const store = forEachTest(
  () => new BreakerStore(dynamodb.client, dynamodb.table, { baseSeconds: 60, capSeconds: 900 }),
);
const logger = heldLogger();

beforeEach(() => atMinute(0));
afterEach(() => jest.useRealTimers());

function atMinute(minute: number): void {
  jest.useFakeTimers({
    now: START + minute * MINUTE,
    doNotFake: ["setTimeout", "setInterval", "setImmediate", "nextTick", "queueMicrotask"],
  });
}

type Kind = Observation["kind"];
const seen = (kind: Kind, id: string, more: Partial<Observation> = {}): Observation => ({
  kind,
  id,
  eventType: "ended",
  attempt: 1,
  ...(kind === "succeeded" ? {} : { reason: "503" }),
  ...more,
});

/** One batch of an environment of its own, which keeps this many different events of a row. */
async function batch(observations: readonly Observation[], failingEvents = 50): Promise<void> {
  const guard = new BreakerGuard(store, failingEvents, async () => {}, logger);
  await guard.status();
  for (const observation of observations) await guard.observe(observation);
  await guard.flush();
}

const evidence = async () => (await store.look()).evidence;
const types = async () => Object.fromEntries((await evidence()).types);

test("a failure tells its event, type, status and time, and nothing of a success", async () => {
  await batch([seen("failed", "1", { status: 503, receivedAt: "2026-03-01T11:00:00.000Z" })]);
  expect(await evidence()).toEqual({
    types: new Map([["ended", { ...noTally, failed: 1, firstFailed: 1 }]]),
    failedNow: 1,
    missedInOutages: 0,
    failing: [
      {
        mark: expect.any(String),
        type: "ended",
        status: 503,
        receivedAt: Date.parse("2026-03-01T11:00:00.000Z"),
      },
    ],
    refused: [],
    failedInRow: 1,
    refusedInRow: 0,
    lastFailureAt: START,
    succeededAt: new Map(),
  });
  const names = Object.keys((await store.look()).item).filter((name) => !name.includes("|"));
  expect(names.sort()).toEqual(["failedInRow", "failing", "id", "lastFailureAt"]);
});

test("one event that fails again is one in the row's events, and one more in its length", async () => {
  await batch([
    seen("failed", "1"),
    seen("failed", "1", { attempt: 2 }),
    seen("failed", "2", { attempt: 3 }),
  ]);
  await batch([seen("failed", "1", { attempt: 3 })]);
  const { failing, failedInRow } = await evidence();
  expect([failing.length, failedInRow]).toEqual([2, 4]);
  expect(await types()).toEqual({ ended: { ...noTally, failed: 4, firstFailed: 1 } });
});

test("what is refused has a row of its own", async () => {
  await batch([
    seen("refused", "1", { status: 422 }),
    seen("failed", "2"),
    seen("refused", "3", { status: 422 }),
  ]);
  const { refused, refusedInRow, failing, failedInRow } = await evidence();
  expect(refused.map(({ status }) => status)).toEqual([422, 422]);
  expect([refusedInRow, failing.length, failedInRow]).toEqual([2, 1, 1]);
  expect(await types()).toEqual({ ended: { ...noTally, refused: 2, failed: 1, firstFailed: 1 } });
});

test("a success ends both rows, and tells when it was; the counts go on", async () => {
  await batch([seen("failed", "1"), seen("refused", "2", { status: 422 })]);
  atMinute(2);
  await batch([seen("succeeded", "3", { attempt: 2 })]);
  expect(await evidence()).toMatchObject({
    ...{ failing: [], refused: [], failedInRow: 0, refusedInRow: 0 },
    lastFailureAt: START,
    lastSuccessAt: START + 2 * MINUTE,
    succeededAt: new Map([["ended", START + 2 * MINUTE]]),
  });
  expect(await types()).toEqual({
    ended: { ...noTally, succeeded: 1, failed: 1, firstFailed: 1, refused: 1 },
  });
});

test.each(["first", "last"])(
  "a batch with a success ends the row, if the success came %s too",
  async (place) => {
    await batch([seen("failed", "1")]);
    const failures = [seen("failed", "2"), seen("failed", "3")];
    const success = seen("succeeded", "4");
    await batch(place === "first" ? [success, ...failures] : [...failures, success]);
    expect(await evidence()).toMatchObject({ failing: [], failedInRow: 0, lastFailureAt: START });
  },
);

test("the last success is the last one, whoever tells of it, and each type has its own", async () => {
  await batch([seen("failed", "1")]);
  const slow = new BreakerGuard(store, 50, async () => {}, logger);
  await slow.status();
  await slow.observe(seen("succeeded", "2", { eventType: "begun" }));
  atMinute(3);
  await batch([seen("succeeded", "3")]);
  await slow.status();
  await slow.flush();
  const { lastSuccessAt, succeededAt } = await evidence();
  expect(lastSuccessAt).toBe(START + 3 * MINUTE);
  expect(Object.fromEntries(succeededAt)).toEqual({ begun: START, ended: START + 3 * MINUTE });
});

test("what succeeded before anything failed comes along with the first failure, and breaks no row", async () => {
  const guard = new BreakerGuard(store, 50, async () => {}, logger);
  await guard.status();
  await guard.observe(seen("succeeded", "1"));
  await guard.flush();
  expect(await evidence()).not.toHaveProperty("lastSuccessAt");
  await batch([seen("failed", "2")]);
  await guard.observe(seen("failed", "3"));
  await guard.flush();
  const { failing, lastSuccessAt } = await evidence();
  expect([failing.length, lastSuccessAt]).toEqual([2, START]);
  expect(await types()).toEqual({
    ended: { ...noTally, succeeded: 1, firstSucceeded: 1, failed: 2, firstFailed: 2 },
  });
});

test.each([
  ["as many as 200", 0, 0, 200, 200],
  ["the latest 200", 0, 0, 201, 200],
  ["those that are younger than ten minutes", 5, 10, 7, 7],
  ["none that is ten minutes old", 0, 10, 7, 0],
])("of what succeeded before %s come along", async (_which, before, minute, count, told) => {
  const guard = new BreakerGuard(store, 50, async () => {}, logger);
  atMinute(before);
  await guard.status();
  for (let id = 0; id < count; id++) await guard.observe(seen("succeeded", `${id}`));
  await guard.flush();
  atMinute(minute);
  await guard.observe(seen("failed", "bad"));
  await guard.flush();
  expect(await types()).toMatchObject({ ended: { succeeded: told, failed: 1 } });
  await guard.observe(seen("failed", "worse"));
  await guard.flush();
  expect(await types()).toMatchObject({ ended: { succeeded: told, failed: 2 } }); // told once
});

test.each([
  [59, true],
  [60, false],
])("%d minutes after the last failure the others are told of a success: %p", async (minutes, isTold) => {
  await batch([seen("failed", "1")]);
  atMinute(minutes);
  await batch([seen("succeeded", "2")]);
  expect("lastSuccessAt" in (await evidence())).toBe(isTold);
});

test("a mistake of the team's code counts as a failure, and makes no row", async () => {
  await batch([seen("failed", "1", { isMistake: true })]);
  expect(await evidence()).toMatchObject({ failing: [], failedInRow: 0, lastFailureAt: START });
  expect(await types()).toEqual({ ended: { ...noTally, failed: 1, firstFailed: 1 } });
});

test("of a row as many events are kept as make an outage, and one of each type in any case", async () => {
  const ids = ["1", "2", "3", "4", "5"];
  // Another type succeeds: it takes more for an outage, which would end the row.
  await batch([seen("failed", "0", { eventType: "begun" })]);
  await batch([seen("succeeded", "0", { eventType: "begun" })]);
  await batch(
    ids.map((id) => seen("failed", id)),
    3,
  );
  await batch(
    ids.map((id) => seen("failed", `more-${id}`)),
    3,
  );
  expect(await evidence()).toMatchObject({ failedInRow: 10 });
  expect((await evidence()).failing).toHaveLength(3);
  const others = ["6", "7"].map((id) => seen("failed", id, { eventType: "other" }));
  await batch(others, 3);
  expect((await evidence()).failing.map(({ type }) => type).sort()).toEqual([
    "ended",
    "ended",
    "ended",
    "other",
  ]);
});

test("while the breaker is open, a batch adds no more events to a row than make an outage", async () => {
  await store.tell({ kind: "outage", reason: "503" });
  const ids = ["1", "2", "3", "4", "5"];
  await batch(
    ids.map((id) => seen("failed", id)),
    3,
  );
  expect(await evidence()).toMatchObject({ failedInRow: 5 });
  expect((await evidence()).failing).toHaveLength(3);
});

test.each([
  [59, 2],
  [60, 1],
])("%d minutes after the last failure the row has %d failures", async (minutes, inRow) => {
  await batch([seen("failed", "1"), seen("refused", "0", { status: 422 })]);
  atMinute(minutes);
  await batch([seen("failed", "2")]);
  const { failing, failedInRow, refused, refusedInRow } = await evidence();
  expect([failing.length, failedInRow, refused.length, refusedInRow]).toEqual([
    inRow,
    inRow,
    inRow - 1,
    inRow - 1,
  ]);
});

test("counts are kept for half an hour and what has begun of a quarter, a type's success for an hour", async () => {
  await batch([seen("failed", "1")]);
  await batch([seen("succeeded", "2")]);
  atMinute(16);
  await batch([seen("failed", "3")]);
  expect(await evidence()).toMatchObject({ failedNow: 1 });
  expect(await types()).toMatchObject({ ended: { failed: 2, succeeded: 1 } });
  atMinute(46);
  await batch([seen("failed", "4")]);
  expect(await types()).toMatchObject({ ended: { failed: 2, succeeded: 0 } });
  expect((await evidence()).succeededAt.size).toBe(1);
  atMinute(60);
  expect((await evidence()).succeededAt.size).toBe(0);
  await batch([seen("failed", "5")]);
  const left = Object.keys((await store.look()).item).filter((name) => name.includes("|"));
  const quarter = (minute: number) => Math.floor((START + minute * MINUTE) / 900_000);
  const kept = [
    `${quarter(46)}|f1|ended`,
    `${quarter(46)}|f|ended`,
    `${quarter(60)}|f1|ended`,
    `${quarter(60)}|f|ended`,
  ];
  expect(left.sort()).toEqual(kept);
});

test("the eleventh type, and those after it, are told under one name", async () => {
  const eventTypes = Array.from({ length: 12 }, (_, index) => `type-${index}`);
  await batch(eventTypes.map((eventType, index) => seen("failed", `${index}`, { eventType })));
  await batch([seen("failed", "again", { eventType: "type-3" })]);
  expect(Object.keys(await types()).sort()).toEqual(["(other types)", ...eventTypes.slice(0, 10)].sort());
  expect(await types()).toMatchObject({ "(other types)": { failed: 2 }, "type-3": { failed: 2 } });
});

test("an event without a type has a name all the same, and a long one is cut", async () => {
  await batch([
    seen("failed", "1", { eventType: undefined }),
    seen("failed", "2", { eventType: "x".repeat(65) }),
  ]);
  expect(Object.keys(await types()).sort()).toEqual(["(no type)", "x".repeat(64)]);
});

test("a change of the breaker ends the rows, and what they missed is told as the outage's", async () => {
  await batch([seen("failed", "1"), seen("failed", "2"), seen("refused", "3", { status: 422 })]);
  await store.tell({ kind: "outage", reason: "503" });
  expect(await evidence()).toMatchObject({
    ...{ failing: [], refused: [], failedInRow: 0, refusedInRow: 0 },
    missedInOutages: 3,
  });
  await batch([seen("failed", "4")]);
  await store.tell({ kind: "held" });
  expect(await evidence()).toMatchObject({ failedInRow: 1, missedInOutages: 3 });
});
