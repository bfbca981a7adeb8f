import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import type { BreakerEvent } from "../../../contract/breaker.ts";
import { BreakerStore } from "../../../functions/breaker/store.ts";
import { type RecoveryPorts, recover } from "../../../functions/recovery/recover.ts";
import { startStateTable } from "../../support/dynamodb.ts";
import { forEachTest } from "../../support/hooks.ts";

const start = new Date("2026-03-01T12:00:00.000Z");
const at = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const dynamodb = forEachTest(startStateTable);
const breaker = forEachTest(
  () => new BreakerStore(dynamodb.client, dynamodb.table, { baseSeconds: 60, capSeconds: 900 }),
);

/** One run at `seconds` after the start, and what it did. */
async function run(seconds: number, changed: Partial<RecoveryPorts> = {}) {
  const done: string[] = [];
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
    requeueSpilled: async () => {
      done.push("spilled");
      return 2;
    },
    redrive: async (mayGoOn) => {
      done.push(`may redrive: ${await mayGoOn()}`);
      return { redriven: 3, left: 0, complete: true };
    },
    settleSeconds: 120,
    now: () => at(seconds),
    ...changed,
  };
  const outcome = await recover(ports, () => true);
  return { done, outcome };
}

const told = (kind: BreakerEvent["kind"], seconds: number) =>
  breaker.tell({ kind, reason: "503" } as BreakerEvent, at(seconds));

test("all well: nothing to probe, spilled and dead letters go back", async () => {
  const { done, outcome } = await run(0);
  expect(done).toEqual(["mapping for closed", "spilled", "may redrive: true"]);
  expect(outcome).toMatchObject({ requeued: 2, redriven: 3, failures: [] });
});

test("an open breaker is probed only when its pause is over", async () => {
  await told("outage", 0);
  expect((await run(59)).done).toEqual(["mapping for open", "spilled", "may redrive: false"]);
  expect((await run(60)).done).toEqual(["probe", "mapping for half-open", "spilled", "may redrive: false"]);
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

test("what an operator opened is neither probed nor redriven into", async () => {
  await told("operator-opened", 0);
  expect((await run(100_000)).done).toEqual(["mapping for open", "spilled", "may redrive: false"]);
});

test("a step that fails holds up none of the others and is told", async () => {
  const broken = () => Promise.reject(new Error("bucket out of reach"));
  const { done, outcome } = await run(0, { requeueSpilled: broken, reconcileMapping: broken });
  expect(done).toEqual(["may redrive: true"]);
  expect(outcome.failures.map(({ message }) => message)).toEqual([
    "bucket out of reach",
    "bucket out of reach",
  ]);
  expect(outcome).toMatchObject({ requeued: 0, redriven: 3 });
});
