import { jest } from "@jest/globals";
import { initialState, next } from "../../../contract/breaker.ts";
import { metrics } from "../../../contract/metrics.ts";
import { BreakerStore } from "../../../functions/breaker/store.ts";
import { EmbeddedMetrics } from "../../../functions/runtime/embedded-metrics.ts";
import { type CapturedLogs, captureLogs } from "../../support/captured-logs.ts";
import { envelopeFor, idFor } from "../../support/envelopes.ts";
import {
  type ProcessorBench,
  receivedAgain,
  startProcessorBench,
  timeLeft,
} from "../../support/processor.ts";

let bench: ProcessorBench;
let logs: CapturedLogs;
beforeEach(async () => {
  bench = await startProcessorBench();
  logs = captureLogs();
});
afterEach(async () => {
  jest.restoreAllMocks();
  logs.stop();
  await bench.stop();
});

const none = { batchItemFailures: [] };
const store = () =>
  new BreakerStore(bench.state.client, bench.state.table, { baseSeconds: 60, capSeconds: 900 });
/** What an event brings along that was redriven twice, after five attempts each time. */
const lived = { attempts: "10", redrives: "2", first_attempt_at: "2026-11-20T08:00:00.000Z", own: "kept" };

/** One message as its `count`th receive. */
async function received(count: number, attributes: Readonly<Record<string, string>> = lived) {
  await bench.send(envelopeFor("{}", { id: "id" }), attributes);
  return receivedAgain(await bench.receive(), count);
}

describe("put back on the queue, an event keeps what it has lived through", () => {
  /** The copy, among the original that is still being looked at. */
  const copy = () => bench.cloud.messages().find(({ attributes }) => attributes["event_id"] === idFor("id"));
  const kept = {
    attempts: "10",
    redrives: "2",
    first_attempt_at: "2026-11-20T08:00:00.000Z",
    source: "webhook",
    event_id: idFor("id"),
    own: "kept",
  };

  test("because the breaker is open", async () => {
    await store().tell({ kind: "outage", reason: "503" });
    expect(await bench.start()(await received(5), timeLeft())).toEqual(none);
    expect(copy()?.attributes).toEqual(kept);
  });

  test("because its own failure has opened the breaker", async () => {
    bench.destination.answer = () => ({ status: 503 });
    const breaker = { ...bench.settings.breaker, failingEvents: 1 };
    expect(await bench.start({ breaker })(await received(5), timeLeft())).toEqual(none);
    expect(copy()?.attributes).toEqual({ ...kept, attempts: "11" });
  });
});

test("put back in its first life, it takes along when it was first received", async () => {
  await store().tell({ kind: "outage", reason: "503" });
  const event = await received(5, {});
  const firstReceive = new Date(Number(event.Records[0]?.attributes.ApproximateFirstReceiveTimestamp));
  await bench.start()(event, timeLeft());
  const copy = bench.cloud.messages().find(({ attributes }) => attributes["event_id"] === idFor("id"));
  expect(copy?.attributes).toEqual({
    attempts: "0",
    redrives: "0",
    first_attempt_at: firstReceive.toISOString(),
    source: "webhook",
    event_id: idFor("id"),
  });
});

describe("attempts of one life are not those of all lives", () => {
  beforeEach(() => {
    bench.destination.answer = () => ({ status: 503 });
    jest.spyOn(Math, "random").mockReturnValue(1 - Number.EPSILON); // the longest pause of each receive
  });

  test.each([
    [1, 30],
    [2, 120],
    [4, 900],
  ])(
    "after many attempts before, receive %i of this life pauses for %i s at most",
    async (count, seconds) => {
      const event = await received(count, { ...lived, attempts: "500" });
      expect((await bench.start()(event, timeLeft())).batchItemFailures).toHaveLength(1);
      expect(logs.logs()).toMatchObject([{ next_attempt_seconds: seconds, attempt: 501 }]);
      expect(bench.cloud.messages("dead-letter")).toEqual([]);
    },
  );

  test("the last receive of this life is the last where the event has failed often enough to be blamed", async () => {
    await bench.othersSucceed();
    expect(await bench.start()(await received(5, { attempts: "4" }), timeLeft())).toEqual(none);
    expect(bench.cloud.messages("dead-letter").map(({ attributes }) => attributes)).toMatchObject([
      { reason_class: "exhausted", attempts: "5", redrives: "0" },
    ]);
  });

  test("one that was deferred four times and tried once has failed by chance: it is sent anew", async () => {
    await bench.othersSucceed();
    expect(await bench.start()(await received(5, {}), timeLeft())).toEqual(none);
    expect(bench.cloud.messages("dead-letter")).toEqual([]);
    expect(bench.cloud.messages().map(({ attributes }) => attributes["attempts"])).toContain("1");
  });
});

describe("duplicates are suppressed by what an event is, not by when it came", () => {
  const deliver = async (changes: Parameters<typeof envelopeFor>[1], attributes = {}, count = 1) => {
    await bench.send(envelopeFor("{}", { id: "id", ...changes }), attributes);
    const event = receivedAgain(await bench.receive(), count);
    const response = await bench.start({ idempotencySeconds: 3_600 })(event, timeLeft());
    expect(response).toEqual(none);
    await bench.cloud.reset();
  };

  test.each<[string, Parameters<typeof envelopeFor>[1], Readonly<Record<string, string>>, number]>([
    ["received later", { received_at: "2026-11-24T12:01:30.000Z" }, {}, 1],
    ["that says it happened at another time", { occurred_at: "2026-11-24T11:00:00.000Z" }, {}, 1],
    [
      "after a redrive",
      {},
      { attempts: "5", redrives: "1", first_attempt_at: "2026-11-20T08:00:00.000Z" },
      1,
    ],
    ["on a later receive", {}, {}, 3],
  ])("the same event %s is not delivered twice", async (_, changes, attributes, count) => {
    await deliver({});
    await deliver(changes, attributes, count);
    expect(bench.destination.requests).toHaveLength(1);
    expect(logs.metric(metrics.processor.duplicates)).toBe(1);
  });

  test.each([401, 404, 422, 500, 503])(
    "an event that was answered with %i has not been delivered: brought back, it is",
    async (status) => {
      const handler = bench.start({ idempotencySeconds: 3_600 });
      for (const answer of [status, 200]) {
        bench.destination.answer = () => ({ status: answer });
        await bench.send(envelopeFor("{}", { id: "id" }));
        await handler(receivedAgain(await bench.receive(), 5), timeLeft());
        bench.cloud.reset();
      }
      expect(logs.metric(metrics.processor.delivered)).toBe(1);
      expect(logs.metric(metrics.processor.duplicates)).toBe(0);
    },
  );

  test("another source's event of the same id is another event", async () => {
    await deliver({});
    await deliver({ source: "data-action" });
    expect(bench.destination.requests).toHaveLength(2);
  });
});

describe("the oldest, not the youngest", () => {
  const old = new Date(Date.now() - 7_200_000).toISOString();
  const young = new Date(Date.now() - 60_000).toISOString();

  test.each([[[old, young]], [[young, old]]])("of a batch's events that failed: %j", async (times) => {
    bench.destination.answer = () => ({ status: 503 });
    for (const [index, received_at] of times.entries()) {
      await bench.send(envelopeFor("{}", { id: `id-${index}`, received_at }));
    }
    const before = Date.now();
    await bench.start({ breaker: { ...bench.settings.breaker, failingEvents: 2 } })(
      await bench.receive(),
      timeLeft(),
    );
    const told = logs.lines().filter((line) => metrics.processor.oldestUndelivered in line);
    expect(told).toHaveLength(1);
    expect(told[0]?.[metrics.processor.oldestUndelivered]).toBeGreaterThanOrEqual(before - Date.parse(old));
    expect((await store().read()).oldestUndelivered).toBe(old);
  });

  test.each([
    [old, young],
    [young, old],
  ])("what waited as the breaker opened first stays what waits: %s, then %s", (first, second) => {
    const pauses = { baseSeconds: 60, capSeconds: 900 };
    const outage = (oldestUndelivered: string) =>
      ({ kind: "outage", reason: "503", oldestUndelivered }) as const;
    const now = new Date();
    const open = next(initialState, outage(first), now, pauses);
    const halfOpen = next(open, { kind: "nothing-to-probe" }, now, pauses);
    expect(next(halfOpen, outage(second), now, pauses).oldestUndelivered).toBe(first);
  });

  test("an event that was delivered is nobody's to wait for", async () => {
    bench.destination.answer = ({ headers }) => ({ status: headers["x-event-id"] === "young" ? 503 : 200 });
    await bench.send(envelopeFor("{}", { id: "old", received_at: old }));
    await bench.send(envelopeFor("{}", { id: "young", received_at: young }));
    await bench.start()(await bench.receive(), timeLeft());
    expect(logs.metric(metrics.processor.oldestUndelivered)).toBeLessThan(7_000_000);
  });
});

describe.each(["publishStoredMetrics", "addMetric", "publishMetric"] as const)(
  "with metrics whose %s fails",
  (name) => {
    test.each([
      [200, 1, 0, 0],
      [503, 1, 1, 0],
      [422, 1, 0, 1],
      [503, 5, 0, 1],
    ])(
      "an answer of %i on receive %i: %i come again, %i are dead letters, as ever",
      async (status, count, again, dead) => {
        await bench.othersSucceed();
        jest.spyOn(EmbeddedMetrics.prototype, name).mockImplementation(() => {
          throw new Error("planted: nothing can be written");
        });
        bench.destination.answer = () => ({ status });
        const { batchItemFailures } = await bench.start()(await received(count), timeLeft());
        expect(batchItemFailures).toHaveLength(again);
        expect(bench.cloud.messages("dead-letter")).toHaveLength(dead);
      },
    );
  },
);
