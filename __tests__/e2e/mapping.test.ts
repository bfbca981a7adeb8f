import { LambdaClient, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { jest } from "@jest/globals";
import { localBench, type TestRun } from "../support/local-bench.ts";
import { happened, postUntilTaken, webhookEvent } from "../support/local-run.ts";
import { breaker, depth, recoveredWith } from "../support/watch.ts";

jest.setTimeout(180_000);

const { destination, start, restart } = localBench();

/** As an operator would, through Lambda's API. */
async function switchMapping({ cloud, stack }: TestRun, Enabled: boolean): Promise<void> {
  const lambda = new LambdaClient(cloud.operatorConfig());
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID: stack.mappings[0]?.uuid, Enabled }));
  lambda.destroy();
}

test("what somebody disabled stays so: recovery leaves it alone, a restart too, and its events wait", async () => {
  const first = await start({ scheduleEverySeconds: 1 });
  await switchMapping(first, false);
  await Promise.all(first.mappings.map((mapping) => mapping.disable())); // until its last poll has ended
  expect((await postUntilTaken(first, webhookEvent("waits"))).status).toBe(200);
  await first.runEvents.until(recoveredWith("closed"));

  const second = await restart();
  await second.runEvents.until(recoveredWith("closed"));
  expect(second.mappings.map(({ state }) => state)).toEqual(["Disabled"]);
  expect(await depth(second, "test-queue")).toBe(1);
  expect(await breaker(second)).toBeUndefined();
  expect(destination.requests).toEqual([]);

  await switchMapping(second, true);
  await second.runEvents.until(happened("delivered"));
  expect((await restart()).mappings.map(({ state }) => state)).toEqual(["Enabled"]);
});
