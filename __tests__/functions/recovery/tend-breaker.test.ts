import type { BreakerEvent } from "../../../contract/breaker.ts";
import { BreakerStore } from "../../../functions/breaker/store.ts";
import type { ProbeResult } from "../../../functions/recovery/probe.ts";
import { type BreakerPorts, tendBreaker } from "../../../functions/recovery/tend-breaker.ts";
import { startStateTable } from "../../support/dynamodb.ts";
import { forEachTest } from "../../support/hooks.ts";
import { heldLogger } from "../../support/log-lines.ts";

const logger = heldLogger();

const start = new Date("2026-03-01T12:00:00.000Z");
const at = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const dynamodb = forEachTest(startStateTable);
const breaker = forEachTest(
  () => new BreakerStore(dynamodb.client, dynamodb.table, { baseSeconds: 60, capSeconds: 900 }),
);

/** One run at `seconds` after the start, and what it did. */
async function run(
  seconds: number,
  result: ProbeResult = { kind: "well" },
  changed: Partial<BreakerPorts> = {},
) {
  const done: string[] = [];
  const tended = await tendBreaker({
    logger,
    breaker,
    probe: async () => {
      done.push("probe");
      return result;
    },
    reconcileMapping: async ({ status }) => {
      done.push(`mapping for ${status}`);
      return { ok: true };
    },
    settleSeconds: 120,
    now: () => at(seconds),
    ...changed,
  });
  return { done, tended };
}

const told = (kind: BreakerEvent["kind"], seconds: number) =>
  breaker.tell({ kind, reason: "503" } as BreakerEvent, at(seconds));

test("all well: the mapping is looked at, and nothing is probed", async () => {
  expect((await run(0)).done).toEqual(["mapping for closed"]);
});

test("an open breaker is probed only when its pause is over; a delivery closes it", async () => {
  await told("outage", 0);
  expect((await run(59)).done).toEqual(["mapping for open"]);
  expect((await run(60)).done).toEqual(["mapping for open", "probe", "mapping for closed"]);
  expect(await breaker.read()).toMatchObject({ status: "closed", by: "recovery" });
});

test("a failed probe leaves it open for twice as long, and the outage's reason stands beside the probe's", async () => {
  await told("outage", 0);
  await run(60, { kind: "failed", reason: "connection refused" });
  expect(await breaker.read()).toMatchObject({
    status: "open",
    reason: "503",
    lastProbe: { at: at(60).toISOString(), reason: "connection refused" },
    nextProbeAt: at(60 + 120).toISOString(),
  });
});

test("where nothing waits that could be tried, the next event tells", async () => {
  await told("outage", 0);
  expect((await run(60, { kind: "nothing-waits" })).done).toEqual([
    "mapping for open",
    "probe",
    "mapping for half-open",
  ]);
});

test("half-open without a failure settles", async () => {
  await told("outage", 0);
  await run(60, { kind: "nothing-waits" });
  expect((await run(60 + 119)).tended.state.status).toBe("half-open");
  expect((await run(60 + 120)).tended.state.status).toBe("closed");
  expect(logger.lines.filter(({ message }) => message === "Breaker closed")).toHaveLength(1);
});

test("two runs at once probe once", async () => {
  await told("outage", 0);
  const runs = await Promise.all([run(60), run(60)]);
  expect(runs.flatMap(({ done }) => done).filter((step) => step === "probe")).toHaveLength(1);
});

test("a run that dies in its probe costs the shortest pause, however long they have grown", async () => {
  await told("outage", 0);
  for (const seconds of [60, 200, 500, 1_100]) await run(seconds, { kind: "failed", reason: "503" });
  const died = run(2_100, undefined, { probe: () => Promise.reject(new Error("killed")) });
  await expect(died).rejects.toThrow("killed");
  expect((await run(2_100 + 59)).done).toEqual(["mapping for open"]);
  expect((await run(2_100 + 60)).done).toContain("probe");
});

test("what an operator opened is not probed", async () => {
  await told("operator-opened", 0);
  expect((await run(100_000)).done).toEqual(["mapping for open"]);
});
