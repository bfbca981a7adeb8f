import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { jest } from "@jest/globals";
import { recoveryLease, stateItems } from "../../../contract/state-items.ts";
import { withLease } from "../../../functions/recovery/lease.ts";
import { startStateTable } from "../../support/dynamodb.ts";
import { forEachTest } from "../../support/hooks.ts";
import { heldLogger } from "../../support/log-lines.ts";

const dynamodb = forEachTest(startStateTable);

const logger = heldLogger();
const options = (owner: string, seconds: number) => ({
  ...{ table: dynamodb.table, owner, logger },
  milliseconds: seconds * 1_000,
});
const run = (owner: string, seconds: number, work: () => Promise<string>, isWell = true) =>
  withLease(dynamodb.client, options(owner, seconds), work, () => isWell);

async function read() {
  const Key = { id: { S: stateItems.recoveryLease } };
  const { Item } = await dynamodb.client.send(new GetItemCommand({ TableName: dynamodb.table, Key }));
  return Item ?? {};
}

test("while one run is at it, another does nothing; afterwards it may", async () => {
  const inside = await run("first", 60, async () => String(await run("second", 60, async () => "both ran")));
  expect(inside).toBe("undefined");
  expect(await run("second", 60, async () => "ran")).toBe("ran");
});

test("a run that was killed holds the lease no longer than its time", async () => {
  let killed = () => {};
  let late: Promise<unknown> = Promise.resolve();
  const started = new Promise<void>((resolve) => {
    late = run("killed", 0, () => {
      resolve();
      return new Promise((end) => {
        killed = () => end("late");
      });
    });
  });
  await started;
  // Its lease of 0 seconds is over with the next millisecond of the clock.
  const now = Date.now();
  while (Date.now() <= now);
  const next = await run("next", 60, async () => {
    killed();
    expect(await late).toBe("late"); // and its late end must not take the lease away from the next one
    return String(await run("third", 60, async () => "both ran"));
  });
  expect(next).toBe("undefined");
});

test("a run that fails gives the lease back", async () => {
  await expect(run("first", 60, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(await run("second", 60, async () => "ran")).toBe("ran");
});

test("a lease that is refused is told with its owner", async () => {
  const told = jest.spyOn(logger, "info").mockImplementation(() => {});
  await run("first", 60, async () => String(await run("second", 60, async () => "ran")));
  expect(told).toHaveBeenCalledWith("Another run of recovery is at it", {
    owner: "first",
    seconds_left: expect.any(Number),
  });
  told.mockRestore();
});

test("a state table out of reach is no reason not to work", async () => {
  await dynamodb.stop();
  expect(await run("first", 60, async () => "ran")).toBe("ran");
}, 20_000);

test("when a run last ended well outlives those that ended badly, and those that were killed", async () => {
  await run("well", 60, async () => "ran");
  const { [recoveryLease.endedWellAt]: endedWell } = await read();
  expect(Number(endedWell?.N)).toBeGreaterThan(0);
  await run("badly", 60, async () => "ran", false);
  await expect(run("thrown", 60, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  const afterwards = await read();
  expect(afterwards[recoveryLease.endedWellAt]).toEqual(endedWell);
  expect(Number(afterwards[recoveryLease.endedAt]?.N)).toBeGreaterThanOrEqual(Number(endedWell?.N));
});

test("when the last run ended can be read, and while one is at it, that it is", async () => {
  const before = Date.now();
  const during = await withLease(dynamodb.client, options("first", 60), read, () => true);
  expect(Number(during?.[recoveryLease.until]?.N)).toBeGreaterThanOrEqual(before + 60_000);
  expect(during).not.toHaveProperty(recoveryLease.endedAt);
  const afterwards = await read();
  expect(afterwards[recoveryLease.until]?.N).toBe("0");
  expect(Number(afterwards[recoveryLease.endedAt]?.N)).toBeGreaterThanOrEqual(before);
});
