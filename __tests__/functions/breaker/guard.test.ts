import { jest } from "@jest/globals";
import { BreakerGuard } from "../../../functions/breaker/guard.ts";
import type { Observation } from "../../../functions/breaker/observation.ts";
import { BreakerStore } from "../../../functions/breaker/store.ts";
import { startStateTable } from "../../support/dynamodb.ts";
import { forEachTest } from "../../support/hooks.ts";
import { heldLogger } from "../../support/log-lines.ts";

const dynamodb = forEachTest(startStateTable);
const store = forEachTest(
  () => new BreakerStore(dynamodb.client, dynamodb.table, { baseSeconds: 60, capSeconds: 900 }),
);
const logger = heldLogger();
let calls: number;

beforeEach(() => {
  calls = 0;
});
afterEach(() => jest.useRealTimers());

/** One execution environment's view. */
function guard(callRecovery = async () => void calls++, failingEvents = 3): BreakerGuard {
  return new BreakerGuard(store, failingEvents, callRecovery, logger);
}

const failed = (id: string, more: Partial<Observation> = {}): Observation => ({
  kind: "failed",
  id,
  eventType: "type",
  attempt: 1,
  reason: "503",
  receivedAt: `2026-03-01T12:00:0${id}.000Z`,
  ...more,
});
const succeeded = (id: string, eventType = "type"): Observation => ({
  kind: "succeeded",
  id,
  eventType,
  attempt: 1,
});
const refused = (id: string, status = 422): Observation => ({
  ...failed(id, { kind: "refused", status, reason: `The destination answered ${status}.` }),
});

/** As a batch, and what it has seen with it. */
async function see(processor: BreakerGuard, ...observations: Observation[]): Promise<void> {
  await processor.status();
  for (const observation of observations) await processor.observe(observation);
  await processor.flush();
}
const fail = (processor: BreakerGuard, ...ids: string[]) => see(processor, ...ids.map((id) => failed(id)));

/** Five seconds on, when an environment looks anew; only the clock stands still in between. */
function later(milliseconds: number): void {
  const now = Date.now() + milliseconds;
  jest.useFakeTimers({
    now,
    doNotFake: ["setTimeout", "setInterval", "setImmediate", "nextTick", "queueMicrotask"],
  });
}

describe("it opens", () => {
  test("when different events fail in a row, and calls recovery once", async () => {
    const processor = guard();
    await fail(processor, "2", "1");
    expect(await store.read()).toMatchObject({ status: "closed" });
    await fail(processor, "3", "4", "5");
    expect(await store.read()).toMatchObject({
      status: "open",
      by: "processor",
      reason: "503",
      oldestUndelivered: "2026-03-01T12:00:01.000Z",
    });
    expect(calls).toBe(1);
  });

  test("by what all environments have seen together, each of them little", async () => {
    for (const id of ["1", "2", "3"]) await fail(guard(), id);
    expect(await store.read()).toMatchObject({
      status: "open",
      oldestUndelivered: "2026-03-01T12:00:01.000Z",
    });
    expect(calls).toBe(1);
  });

  test("when two environments open it at once, once", async () => {
    const processors = [guard(), guard()];
    await Promise.all(processors.map((processor) => fail(processor, "1", "2", "3")));
    expect(await store.read()).toMatchObject({ status: "open", failedProbes: 0 });
  });

  test("when different events are refused alike, and says that it is no event's fault", async () => {
    const processor = guard();
    await see(processor, refused("1"), refused("2"));
    expect(await store.read()).toMatchObject({ status: "closed" });
    await see(processor, refused("3"));
    expect(await store.read()).toMatchObject({
      status: "open",
      reason: "The destination answered 422 to 3 different events in a row.",
    });
  });

  test("with recovery that cannot be called: it comes by itself", async () => {
    await fail(
      guard(() => Promise.reject(new Error("throttled"))),
      ...["1", "2", "3"],
    );
    expect(await store.read()).toMatchObject({ status: "open" });
  });

  test("in a batch that goes on: the rest need not be tried", async () => {
    const processor = guard();
    await processor.status();
    for (const id of ["1", "2", "3"]) await processor.observe(failed(id));
    expect(processor.lastKnown).toBe("open");
  });
});

describe("it does not open", () => {
  test("for one event that fails again and again, in whatever ways", async () => {
    const processor = guard();
    for (const status of [500, 502, 503, 504, 429]) await see(processor, failed("1", { status }));
    expect(await store.read()).toMatchObject({ status: "closed" });
  });

  test("where a delivery comes in between", async () => {
    const processor = guard();
    await fail(processor, "1", "2");
    await see(processor, succeeded("good"));
    await fail(processor, "3", "4");
    expect(await store.read()).toMatchObject({ status: "closed" });
  });

  test("where another environment delivers in between", async () => {
    const [one, other] = [guard(), guard()];
    await fail(one, "1", "2");
    await see(other, succeeded("good"));
    await fail(one, "3", "4");
    expect(await store.read()).toMatchObject({ status: "closed" });
  });

  test("for one type, where another has lately succeeded", async () => {
    const processor = guard();
    await see(processor, succeeded("good", "another"), failed("1"));
    for (const id of ["2", "3", "4", "5", "6", "7"]) await fail(processor, id);
    expect(await store.read()).toMatchObject({ status: "closed" });
    // One success among so few proves a row of three to be nothing: it takes a longer one.
    for (let id = 0; id < 30; id++) await see(processor, failed(`other-${id}`, { eventType: "another" }));
    expect(await store.read()).toMatchObject({ status: "open" });
  });

  test("for events that are refused each in its own way", async () => {
    const processor = guard();
    await see(processor, ...[400, 409, 413, 415, 422, 428].map((status, id) => refused(`${id}`, status)));
    expect(await store.read()).toMatchObject({ status: "closed" });
  });

  test("for mistakes of the team's own code", async () => {
    const processor = guard();
    await see(processor, ...["1", "2", "3", "4"].map((id) => failed(id, { isMistake: true })));
    expect(await store.read()).toMatchObject({ status: "closed" });
  });

  test("for what failed before it closed", async () => {
    const processor = guard();
    await fail(processor, "1", "2", "3");
    await store.tell({ kind: "operator-closed" });
    await fail(guard(), "4", "5");
    expect((await store.read()).status).toBe("closed");
  });

  test("for rows of different days: an hour without a failure ends one", async () => {
    const processor = guard();
    await fail(processor, "1", "2");
    later(61 * 60_000);
    await fail(processor, "3");
    expect((await store.read()).status).toBe("closed");
    await fail(processor, "4", "5");
    expect((await store.read()).status).toBe("open");
  });
});

test("before it has looked it is closed, with nothing known of it", () => {
  const { lastKnown, nextProbeAt, manyFail } = guard();
  expect([lastKnown, nextProbeAt, manyFail]).toEqual(["closed", undefined, false]);
});

describe("half-open", () => {
  const withFailures = { kind: "outage", reason: "503" } as const;
  const withRefusals = { kind: "outage", reason: "422", refusedWith: 422 } as const;

  test.each([
    ["a failure", withFailures, failed("1"), "open", "503"],
    ["a failure, where refusals had opened it", withRefusals, failed("1"), "open", "503"],
    ["a mistake of the team's own code", withFailures, failed("1", { isMistake: true }), "half-open", "503"],
    [
      "a refusal with the status that had opened it",
      withRefusals,
      refused("1"),
      "open",
      "The destination answered 422.",
    ],
    ["a refusal with another status", withRefusals, refused("1", 400), "half-open", "422"],
    ["a refusal, where failures had opened it", withFailures, refused("1"), "half-open", "503"],
    ["a refusal without a status", withFailures, failed("1", { kind: "refused" }), "half-open", "503"],
    ["a delivery", withFailures, succeeded("1"), "closed", ""],
  ])("%s", async (_what, opening, observation, status, reason) => {
    await store.tell(opening);
    await store.tell({ kind: "nothing-to-probe" });
    const processor = guard();
    await processor.status();
    await processor.observe(observation);
    expect(await store.read()).toMatchObject({ status, reason });
    const { refusedWith } = await store.read();
    expect(status !== "open" || refusedWith).toBe(status !== "open" || observation.status);
    expect(processor.lastKnown).toBe(status);
    expect(calls).toBe(status === "open" ? 1 : 0);
  });
});

describe("a line says", () => {
  test("that a delivery has closed it, once, whoever else has seen one", async () => {
    await store.tell({ kind: "outage", reason: "503" });
    await store.tell({ kind: "nothing-to-probe" });
    const [one, other] = [guard(), guard()];
    for (const each of [one, other]) await each.status();
    for (const each of [one, other]) await each.observe(succeeded("1"));
    expect(logger.lines).toEqual([
      { level: "INFO", message: "Breaker closed", reason: "An event was delivered." },
    ]);
  });

  test("of an outage, what it rests on", async () => {
    const processor = guard();
    await fail(processor, "1", "2");
    await see(processor, failed("3", { eventType: "another", reason: "The destination answered 500." }));
    expect(logger.lines).toEqual([
      {
        level: "ERROR",
        message: "Breaker opened",
        reason: "The destination answered 500.",
        events: 3,
        types: 2,
      },
    ]);
  });

  test("why recovery could not be called", async () => {
    const denied = Object.assign(new Error("no"), { name: "AccessDeniedException" });
    await fail(
      guard(() => Promise.reject(denied)),
      ...["1", "2", "3"],
    );
    expect(logger.lines.slice(1)).toEqual([
      {
        level: "WARN",
        message: "Recovery could not be called and will come by itself",
        reason: "AccessDeniedException",
      },
    ]);
  });

  test("nothing where somebody else was faster, or it was open already", async () => {
    const processor = guard();
    await processor.status();
    await store.tell({ kind: "outage", reason: "another" });
    await fail(processor, "1", "2", "3");
    expect(processor.lastKnown).toBe("open");
    await fail(processor, "4", "5", "6");
    expect([logger.lines, calls]).toEqual([[], 0]);
  });
});

test("in the middle of a batch it tells the others when a row is long enough, and of a refusal at once", async () => {
  const processor = guard();
  await processor.status();
  const told = async () => {
    const { failing, refused } = (await store.look()).evidence;
    return [failing.length, refused.length];
  };
  for (const id of ["1", "1", "1", "2"]) await processor.observe(failed(id));
  expect(await told()).toEqual([0, 0]);
  await processor.observe(refused("3"));
  expect(await told()).toEqual([2, 1]);
  for (const id of ["4", "5"]) await processor.observe(failed(id));
  expect(await told()).toEqual([2, 1]);
  await processor.observe(failed("6", { eventType: "another" }));
  expect(processor.lastKnown).toBe("open");
});

test("in the middle of a batch nobody is told of deliveries, nor of few failures among them", async () => {
  const processor = guard();
  await processor.status();
  for (const id of ["1", "2", "3", "4"]) await processor.observe(succeeded(id));
  await processor.observe(failed("5"));
  expect((await store.look()).evidence.types.size).toBe(0);
});

test("how attempts of a type have gone lately is told beside those of all others", async () => {
  const processor = guard(undefined, 50);
  await see(processor, failed("1"), failed("2", { eventType: "another" }), succeeded("3", "another"));
  await see(processor, succeeded("4"), succeeded("5"), failed("6"), failed("7", { eventType: "third" }));
  expect(processor.lately("type")).toEqual({
    type_succeeded: 2,
    type_failed: 2,
    others_succeeded: 1,
    others_failed: 2,
  });
  expect(processor.lately("unknown")).toMatchObject({ type_succeeded: 0, type_failed: 0, others_failed: 4 });
});

test("fair weather costs no write; the first failure takes along what went well before", async () => {
  const calls: string[] = [];
  dynamodb.client.middlewareStack.add(
    (next, { commandName = "" }) =>
      (args) => {
        calls.push(commandName);
        return next(args);
      },
    { step: "initialize" },
  );
  later(0);
  const processor = guard();
  for (let event = 0; event < 30; event++) await see(processor, succeeded(`${event}`));
  expect(calls).toEqual(["GetItemCommand"]);
  await fail(processor, "1");
  expect(calls).toEqual(["GetItemCommand", "UpdateItemCommand"]);
  later(5_000);
  await processor.status();
  await processor.status();
  expect(calls).toEqual(["GetItemCommand", "UpdateItemCommand", "GetItemCommand"]);
  const { evidence } = await store.look();
  expect(evidence.types.get("type")).toMatchObject({ succeeded: 30, failed: 1 });
  expect(evidence.failing).toHaveLength(1);
});

describe("an event that has failed often", () => {
  const attempts = 5;

  test("is to blame where others succeed", async () => {
    const processor = guard();
    await see(processor, ...Array.from({ length: 30 }, (_, id) => succeeded(`${id}`)), failed("1"));
    expect(await processor.isToBlame("type", attempts)).toBe(true);
  });

  test("is to blame where its type fails as a whole, and others succeed", async () => {
    const processor = guard();
    const others = Array.from({ length: 30 }, (_, id) => succeeded(`${id}`, "another"));
    const own = Array.from({ length: 9 }, (_, id) => failed(`${id}`));
    await see(processor, ...others, ...own);
    expect(await processor.isToBlame("type", attempts)).toBe(true);
  });

  test("is not where nothing has succeeded, nor where that is long ago", async () => {
    const processor = guard();
    await fail(processor, "1");
    expect(await processor.isToBlame("type", 1_000)).toBe(false);
    await see(processor, ...Array.from({ length: 30 }, (_, id) => succeeded(`${id}`)));
    expect(await processor.isToBlame("type", attempts)).toBe(true);
    later(31 * 60_000);
    expect(await processor.isToBlame("type", attempts)).toBe(false);
  });

  test("is not where so many failures may well be chance, as many as that takes", async () => {
    const processor = guard();
    const half = Array.from({ length: 50 }, (_, id) => [succeeded(`good-${id}`), failed(`${id}`)]).flat();
    await see(processor, ...half);
    expect(await processor.isToBlame("type", attempts)).toBe(false);
    expect(await processor.isToBlame("type", 30)).toBe(true);
  });

  test("is judged by what this environment knows, with the state table out of reach", async () => {
    const processor = guard();
    await dynamodb.stop();
    await fail(processor, "1");
    expect(await processor.isToBlame("type", 1_000)).toBe(false);
    await see(processor, ...Array.from({ length: 30 }, (_, id) => succeeded(`${id}`)));
    expect(await processor.isToBlame("type", attempts)).toBe(true);
    const another = guard();
    await see(another, ...Array.from({ length: 30 }, (_, id) => succeeded(`${id}`)), failed("1"));
    expect(await another.isToBlame("type", attempts)).toBe(true);
    expect(another.lately("type")).toMatchObject({ type_succeeded: 30, type_failed: 1 });
  }, 20_000);
});

test("with the state table out of reach it counts as closed, and nothing throws", async () => {
  const processor = guard();
  await dynamodb.stop();
  expect(await processor.status()).toBe("closed");
  await fail(processor, "1", "2", "3", "4");
  expect(processor.lastKnown).toBe("closed");
}, 20_000);

test("where every event has a type of its own, an outage is one all the same", async () => {
  const processor = guard();
  await see(processor, ...Array.from({ length: 30 }, (_, id) => succeeded(`${id}`, `type ${id}`)));
  for (let id = 30; id < 60; id++) await see(processor, failed(`${id}`, { eventType: `type ${id}` }));
  expect(await store.read()).toMatchObject({ status: "open" });
});

test("whatever types somebody sends, the item does not grow with them", async () => {
  const processor = guard(undefined, 40);
  await see(
    processor,
    ...Array.from({ length: 200 }, (_, id) =>
      failed(`${id}`, { eventType: `type-${id}-${"x".repeat(5_000)}` }),
    ),
  );
  const { evidence, item } = await store.look();
  expect(evidence.types.size).toBeLessThanOrEqual(11);
  expect(JSON.stringify(item).length).toBeLessThan(30_000);
});
