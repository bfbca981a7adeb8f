import { jest } from "@jest/globals";
import { localBench } from "../support/local-bench.ts";
import { happened, post, postUntilTaken, quickInput, webhookEvent } from "../support/local-run.ts";

jest.setTimeout(60_000);

const { destination, start } = localBench();
afterEach(() => destination.reset());

test.each([1, 3])("maxReceiveCount %i: as many attempts, then it is sent anew", async (maxReceiveCount) => {
  const queue = { ...quickInput.queue, maxReceiveCount };
  const local = await start({ input: { ...quickInput, queue } });
  destination.answer = () => ({ status: 503 });
  await post(local, webhookEvent("x"));
  // Where nothing succeeds it is no event's fault: it is a dead letter only while others are delivered.
  const { fields } = await local.runEvents.until(happened("requeued"));
  expect(fields).toMatchObject({ attempt: maxReceiveCount });
  expect(local.runEvents.soFar.filter(happened("deadLettered"))).toEqual([]);
});

test.each([
  [1, [1, 1, 1, 1]],
  [3, [1, 3]],
  [10, [4]],
])("batchSize %i: four events come in batches of %j", async (batchSize, sizes) => {
  const processor = { batchSize, batchConcurrency: 1, timeoutSeconds: 60 };
  const queue = { visibilityTimeoutSeconds: 360 };
  const local = await start({ input: { ...quickInput, processor, queue } });
  await Promise.all(local.mappings.map((mapping) => mapping.disable()));
  for (const type of ["a", "b", "c", "d"])
    expect((await postUntilTaken(local, webhookEvent(type))).status).toBe(200);
  for (const mapping of local.mappings) mapping.enable();
  const seen = () => local.runEvents.soFar.flatMap((each) => (each.kind === "batch" ? each.size : []));
  await local.runEvents.until(() => seen().reduce((sum, size) => sum + size, 0) === 4);
  expect(seen().sort()).toEqual(sizes);
});
