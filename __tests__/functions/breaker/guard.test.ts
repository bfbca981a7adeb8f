import { Logger } from "@aws-lambda-powertools/logger";
import { BreakerGuard } from "../../../functions/breaker/guard.ts";
import { BreakerStore } from "../../../functions/breaker/store.ts";
import { startStateTable } from "../../support/dynamodb.ts";
import { forEachTest } from "../../support/hooks.ts";

const dynamodb = forEachTest(startStateTable);
const store = forEachTest(
  () => new BreakerStore(dynamodb.client, dynamodb.table, { baseSeconds: 60, capSeconds: 900 }),
);
let calls: number;

beforeEach(() => {
  calls = 0;
});

/** One execution environment's view. */
function guard(callRecovery = async () => void calls++): BreakerGuard {
  return new BreakerGuard(store, 3, callRecovery, new Logger({ logLevel: "SILENT" }));
}

async function fail(processor: BreakerGuard, ...ids: string[]): Promise<void> {
  for (const id of ids)
    await processor.failed({ id, reason: "503", receivedAt: `2026-03-01T12:00:0${id}.000Z` });
}

test("different events failing in a row open it and call recovery once", async () => {
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

test("one event that fails again and again does not", async () => {
  await fail(guard(), "1", "1", "1", "1", "1", "1");
  expect(await store.read()).toMatchObject({ status: "closed" });
});

test("a delivery in between starts the count afresh", async () => {
  const processor = guard();
  await fail(processor, "1", "2");
  await processor.delivered();
  await fail(processor, "3", "4");
  expect(await store.read()).toMatchObject({ status: "closed" });
});

test("two processors that open it at once do no harm", async () => {
  const processors = [guard(), guard()];
  await Promise.all(processors.map((processor) => fail(processor, "1", "2", "3")));
  expect(await store.read()).toMatchObject({ status: "open", failedProbes: 0 });
});

test("half-open: one failure opens it again, one delivery closes it", async () => {
  for (const outcome of ["failed", "delivered"] as const) {
    await store.tell({ kind: "operator-closed" });
    await store.tell({ kind: "outage", reason: "503" });
    await store.tell({ kind: "probe-succeeded" });
    const processor = guard();
    expect(await processor.status()).toBe("half-open");
    await (outcome === "failed" ? fail(processor, "1") : processor.delivered());
    expect((await store.read()).status).toBe(outcome === "failed" ? "open" : "closed");
  }
});

test("failures from before it closed do not count after", async () => {
  const processor = guard();
  await fail(processor, "1", "2", "3");
  await store.tell({ kind: "operator-closed" });
  const again = guard();
  await fail(again, "1", "2");
  await store.tell({ kind: "outage", reason: "503" });
  expect(await again.status()).toBe("open");
  await store.tell({ kind: "operator-closed" });
  await fail(again, "3");
  expect((await store.read()).status).toBe("closed");
});

test("with the state table out of reach it counts as closed, and nothing throws", async () => {
  const processor = guard();
  await dynamodb.stop();
  expect(await processor.status()).toBe("closed");
  await fail(processor, "1", "2", "3", "4");
  await processor.delivered();
  expect(processor.lastKnown).toBe("closed");
}, 20_000);

test("recovery that cannot be called comes by itself", async () => {
  const processor = guard(() => Promise.reject(new Error("throttled")));
  await fail(processor, "1", "2", "3");
  expect(await store.read()).toMatchObject({ status: "open" });
});
