import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import type { BreakerEvent } from "../../../contract/breaker.ts";
import { BreakerStore } from "../../../functions/breaker/store.ts";
import { type RecoveryPorts, type RecoverySteps, recover } from "../../../functions/recovery/recover.ts";
import { startStateTable } from "../../support/dynamodb.ts";
import { forEachTest } from "../../support/hooks.ts";

const start = new Date("2026-03-01T12:00:00.000Z");
const at = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const dynamodb = forEachTest(startStateTable);
const breaker = forEachTest(
  () => new BreakerStore(dynamodb.client, dynamodb.table, { baseSeconds: 60, capSeconds: 900 }),
);

/** One run at `seconds` after the start, and what it did. */
async function run(
  seconds: number,
  changed: Partial<RecoveryPorts> = {},
  changedSteps: Partial<RecoverySteps> = {},
  timeUp: Promise<void> = new Promise(() => {}),
) {
  const done: string[] = [];
  const steps: RecoverySteps = {
    requeueSpilled: async () => {
      done.push("spilled");
      return { moved: 2, more: false };
    },
    bringBackParked: async () => {
      done.push("parked");
      return { moved: 5, more: false, deadLetters: 7 };
    },
    tendDeadLetters: async () => {
      done.push("dead letters");
      return { moved: 4, redriven: 3, parked: 1, more: false };
    },
    parkWaiting: async () => {
      done.push("waiting");
      return { moved: 6, more: false };
    },
  };
  const ports: RecoveryPorts = {
    logger: new Logger({ logLevel: "SILENT" }),
    metrics: new Metrics({ namespace: "test" }),
    breaker,
    probe: async () => {
      done.push("probe");
      return { well: true };
    },
    reconcileMapping: async ({ status }) => {
      done.push(`mapping for ${status}`);
    },
    steps: { ...steps, ...changedSteps },
    settleSeconds: 120,
    now: () => at(seconds),
    ...changed,
  };
  const outcome = await recover(ports, timeUp);
  return { done, outcome };
}

const told = (kind: BreakerEvent["kind"], seconds: number) =>
  breaker.tell({ kind, reason: "503" } as BreakerEvent, at(seconds));

const all = ["spilled", "parked", "dead letters", "waiting"];

test("all well: nothing to probe, every step has its turn", async () => {
  const { done, outcome } = await run(0);
  expect(done).toEqual(["mapping for closed", ...all]);
  expect(outcome).toMatchObject({
    requeued: 2,
    broughtBack: 5,
    redriven: 3,
    parked: 7,
    stored: { deadLetters: 7 },
    more: false,
    failures: [],
  });
});

test("an open breaker is probed only when its pause is over", async () => {
  await told("outage", 0);
  expect((await run(59)).done).toEqual(["mapping for open", ...all]);
  expect((await run(60)).done).toEqual(["probe", "mapping for half-open", ...all]);
});

test("a failed probe leaves it open for twice as long", async () => {
  await told("outage", 0);
  await run(60, { probe: async () => ({ well: false, reason: "connection refused" }) });
  expect(await breaker.read()).toMatchObject({
    status: "open",
    reason: "connection refused",
    nextProbeAt: at(60 + 120).toISOString(),
  });
});

test("half-open without a failure settles", async () => {
  await told("outage", 0);
  await run(60);
  expect((await run(60 + 119)).outcome.state.status).toBe("half-open");
  expect((await run(60 + 120)).outcome.state.status).toBe("closed");
});

test("what an operator opened is not probed", async () => {
  await told("operator-opened", 0);
  expect((await run(100_000)).done).toEqual(["mapping for open", ...all]);
});

test("a step that fails holds up none of the others and is told", async () => {
  const broken = () => Promise.reject(new Error("bucket out of reach"));
  const { done, outcome } = await run(0, { reconcileMapping: broken }, { requeueSpilled: broken });
  expect(done).toEqual(["parked", "dead letters", "waiting"]);
  expect(outcome.failures.map(({ message }) => message)).toEqual([
    "bucket out of reach",
    "bucket out of reach",
  ]);
  expect(outcome).toMatchObject({ requeued: 0, redriven: 3 });
});

test("a step that never ends does not take the run's end away: the others are done, and it is told", async () => {
  let end = () => {};
  const timeUp = new Promise<void>((resolve) => {
    end = resolve;
  });
  const hangs = () => {
    end(); // the time is up while it still waits
    return new Promise<never>(() => {});
  };
  const { done, outcome } = await run(0, {}, { parkWaiting: hangs }, timeUp);
  expect(done).toEqual(["mapping for closed", "spilled", "parked", "dead letters"]);
  expect(outcome.failures.map(({ message }) => message)).toEqual([
    "The run's time was up before it could park what waits too long.",
  ]);
  expect(outcome).toMatchObject({ requeued: 2, broughtBack: 5, redriven: 3 });
});

test.each([
  ["some of it was done", { moved: 1, more: true }, true],
  ["nothing could be done: the next minute will do", { moved: 0, more: true }, false],
  ["nothing is left", { moved: 1, more: false }, false],
])("there is more to do at once where there is more, and %s", async (_, result, more) => {
  const { outcome } = await run(0, {}, { requeueSpilled: async () => result });
  expect(outcome.more).toBe(more);
});
