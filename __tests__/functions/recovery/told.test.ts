import { PutObjectCommand } from "@aws-sdk/client-s3";
import { sha256 } from "../../../contract/event/envelope.ts";
import { shortId } from "../../../contract/event/identity.ts";
import { metrics } from "../../../contract/metrics.ts";
import { OPERATOR_ALIAS } from "../../../contract/operator-alias.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import { forEachTest } from "../../support/hooks.ts";
import { startRecoveryBench } from "../../support/recovery.ts";

/** What is said and counted of a run, whole: people and alarms have nothing else. */

const bench = forEachTest(startRecoveryBench);
const logs = capturedLogs();

/** The lines of recovery, but what is on every line. */
function lines(): Record<string, unknown>[] {
  return logs
    .logs()
    .filter(({ service }) => service === "recovery")
    .map(({ timestamp, service, environment, ...rest }) => rest);
}

/** What was counted, by name, as one line of metrics; an age is told as whether there is one. */
function counted(): Record<string, number> {
  const told = logs.lines().filter((line) => "_aws" in line && line["service"] === "recovery");
  expect(told).toHaveLength(1);
  const { oldestStored, oldestUndelivered, oldestDeadLetter, oldestOnQueue } = metrics.recovery;
  const ages: readonly string[] = [oldestStored, oldestUndelivered, oldestDeadLetter, oldestOnQueue];
  const names = Object.values(metrics.recovery).filter((name) => name in (told[0] ?? {}));
  return Object.fromEntries(names.map((name) => [name, ages.includes(name) ? 1 : Number(told[0]?.[name])]));
}

const ran = (changes: object = {}) => ({
  ...{ level: "INFO", message: "Recovery ran", breaker: "closed" },
  ...{ requeued: 0, brought_back: 0, redriven: 0, parked: 0, ...changes },
});
const quiet = {
  BreakerOpen: 0,
  EventsRedriven: 0,
  SpilledEventsRequeued: 0,
  MessagesParked: 0,
  ParkedEventsRequeued: 0,
  DeadLettersParked: 0,
  PutAside: 0,
  RecoveryFailures: 0,
  RunsEndedWell: 1,
  DeadLettersNew: 0,
  SpillsWait: 0,
  StateOutOfReach: 0,
  WaitingTold: 0,
};

test("a run with nothing to do", async () => {
  await bench.run();
  expect(lines()).toEqual([ran()]);
  expect(counted()).toEqual(quiet);
});

test("a run that brought back what was spilled and redrove what an outage had left", async () => {
  for (const body of ["one", "two"]) await bench.spilled(body);
  await bench.deadLetter("dead");
  await bench.run();
  const moved = (message: string, id: string, more: object = {}) => {
    return { level: "INFO", message, event_id: id, short_id: shortId(id, 12), ...more };
  };
  expect(lines()).toEqual([
    moved("Spilled event put on its queue", sha256("two")), // in the bucket's order
    moved("Spilled event put on its queue", sha256("one")),
    moved("Dead letter redriven", "dead", { redrives: 1 }),
    ran({ requeued: 2, redriven: 1 }),
  ]);
  expect(counted()).toEqual({ ...quiet, SpilledEventsRequeued: 2, EventsRedriven: 1 });
});

test("while a person holds the breaker open", async () => {
  await bench.breaker.tell({ kind: "operator-opened", reason: "maintenance" });
  await bench.deadLetter("dead");
  await bench.run();
  expect(lines()).toEqual([ran({ breaker: "open" })]);
  expect(counted()).toEqual({ ...quiet, BreakerOpen: 1, OldestDeadLetterAge: 1 });
});

test("a probe that fails", async () => {
  await bench.event("waits");
  bench.destination.answer = () => ({ status: 503 });
  await bench.breaker.tell({
    ...{ kind: "outage", reason: "The destination answered 500." },
    oldestUndelivered: "2026-11-24T12:00:00.000Z",
  });
  await bench.run();
  const [probe, run] = lines();
  expect(probe).toEqual({
    ...{ level: "WARN", message: "Probe failed", reason: "The destination answered 500." },
    probe: "The destination answered 503.",
  });
  expect(run).toEqual(ran({ breaker: "open" }));
  expect(counted()).toEqual({ ...quiet, BreakerOpen: 1, OldestUndeliveredAge: 1 });
});

test("a mapping that a person has switched off", async () => {
  bench.lambda.state = "Disabled";
  await bench.run();
  expect(lines()).toEqual([
    {
      ...{ level: "ERROR", message: "The queue is not consumed" },
      problem: "The event source mapping is Disabled, and not by the breaker: USER_INITIATED",
    },
    ran(),
  ]);
  expect(counted()).toEqual({ ...quiet, BreakerOpen: 1 });
});

test("a mapping that AWS has switched off", async () => {
  Object.assign(bench.lambda, { state: "Disabled", reason: "PROBLEM: Function call failed" });
  await bench.run();
  expect(lines()).toEqual([
    {
      ...{ level: "WARN", message: "The event source mapping is off, and put on again" },
      ...{ why: "AWS has disabled it", found: "Disabled", reason: "PROBLEM: Function call failed" },
    },
    ran(),
  ]);
  expect(bench.lambda.calls).toEqual(["enable mapping-uuid"]);
});

test("a mapping that is on, and cannot poll", async () => {
  bench.lambda.reason = "PROBLEM: the key is gone";
  await bench.run();
  expect(lines()[0]).toMatchObject({ problem: "Lambda cannot poll: PROBLEM: the key is gone" });
  expect(counted()).toMatchObject({ BreakerOpen: 1 });
});

test("a bucket that is gone: which steps failed, and why; the others are done", async () => {
  await bench.deadLetter("dead");
  await expect(bench.run({ settings: { overflowBucket: "gone" } })).rejects.toThrow(
    "2 steps of recovery failed.",
  );
  const failed = (step: string) => ({
    ...{ level: "ERROR", message: `Recovery could not ${step}; the next run tries again` },
    reason: "NoSuchBucket",
  });
  expect(lines()).toEqual(
    expect.arrayContaining([
      failed("re-queue spilled events"),
      failed("bring parked events back"),
      ran({ redriven: 1 }),
    ]),
  );
  expect(lines()).toHaveLength(4); // the redrive, too
  const { DeadLettersParked: _, ...rest } = quiet; // nobody knows
  expect(counted()).toEqual({ ...rest, EventsRedriven: 1, RecoveryFailures: 2, RunsEndedWell: 0 });
});

test("a state table that is gone: the breaker counts for nothing, and what needs none is brought back", async () => {
  await bench.spilled("one");
  await expect(bench.run({ settings: { stateTable: "gone" } })).rejects.toThrow(/steps of recovery failed/);
  const reason = "ResourceNotFoundException";
  expect(lines()).toEqual(
    expect.arrayContaining([
      { level: "ERROR", message: "Recovery could not tend the breaker; the next run tries again", reason },
      { level: "WARN", message: "There is no lease to be had; this run works without one", reason },
      {
        ...{ level: "WARN", message: "What the last run found out is out of reach; looking at everything" },
        reason,
      },
      ran({ breaker: "unknown", requeued: 1 }),
    ]),
  );
  expect(counted()).not.toHaveProperty("BreakerOpen");
});

test.each([
  [{ breaker: "open", reason: "maintenance" }, "operator-opened", "open"],
  [{ breaker: "close" }, "operator-closed", "closed"],
])("an order by hand: %j", async (event, order, breaker) => {
  await bench.breaker.tell({ kind: "outage", reason: "503" });
  await bench.run({ event, alias: `:${OPERATOR_ALIAS}` });
  expect(lines()[0]).toEqual({
    ...{ level: "WARN", message: "Breaker opened or closed by hand", order, breaker },
  });
});

test("what cannot be handled is told once, and counted in every run", async () => {
  await bench.cloud.s3.send(
    new PutObjectCommand({ Bucket: bench.cloud.bucket, Key: "spill/no-message", Body: "{}" }),
  );
  await bench.run();
  expect(lines()).toEqual([
    {
      ...{ level: "ERROR", message: "An object under spill/ is no spilled message", key: "spill/no-message" },
      reason: expect.stringMatching(/Error$/),
    },
    ran(),
  ]);
  logs.clear();
  await bench.run();
  expect(lines()).toEqual([ran()]);
  expect(counted()).toEqual({ ...quiet, PutAside: 1 });
});
