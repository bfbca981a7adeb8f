import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { recoveryLease, stateItems } from "../../../contract/state-items.ts";
import { withLease } from "../../../functions/recovery/lease.ts";
import { startStateTable } from "../../support/dynamodb.ts";
import { forEachTest } from "../../support/hooks.ts";

const dynamodb = forEachTest(startStateTable);

const run = (owner: string, seconds: number, work: () => Promise<string>) =>
  withLease(dynamodb.client, dynamodb.table, owner, seconds, work);

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

test("when the last run ended can be read, and while one is at it, that it is", async () => {
  const read = async () => {
    const Key = { id: { S: stateItems.recoveryLease } };
    const { Item } = await dynamodb.client.send(new GetItemCommand({ TableName: dynamodb.table, Key }));
    return Item ?? {};
  };
  const before = Date.now();
  const during = await withLease(dynamodb.client, dynamodb.table, "first", 60, read);
  expect(Number(during?.[recoveryLease.until]?.N)).toBeGreaterThanOrEqual(before + 60_000);
  expect(during).not.toHaveProperty(recoveryLease.endedAt);
  const afterwards = await read();
  expect(afterwards[recoveryLease.until]?.N).toBe("0");
  expect(Number(afterwards[recoveryLease.endedAt]?.N)).toBeGreaterThanOrEqual(before);
});
