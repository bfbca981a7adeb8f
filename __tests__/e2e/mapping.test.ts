import { join } from "node:path";
import { LambdaClient, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { jest } from "@jest/globals";
import { type LocalRun, startLocal } from "../../local/run.ts";
import { startDestination, type TestDestination } from "../support/destination.ts";
import {
  happened,
  openWorkshop,
  postUntilTaken,
  quickInput,
  type Workshop,
  webhookEvent,
} from "../support/local-run.ts";
import { breaker, depth, recoveredWith } from "../support/watch.ts";

jest.setTimeout(180_000);

let workshop: Workshop;
let destination: TestDestination;
let run: LocalRun | undefined;

beforeAll(async () => {
  [workshop, destination] = await Promise.all([openWorkshop(), startDestination()]);
});
afterEach(() => run?.stop());
afterAll(async () => {
  await destination.stop();
  await workshop.close();
});

async function start(): Promise<LocalRun> {
  run = await startLocal({
    stackFile: workshop.synthesise("stack", quickInput),
    dataDirectory: join(workshop.folder, "data"),
    destination: destination.url,
    scheduleEverySeconds: 1,
  });
  return run;
}

/** As an operator would, through Lambda's API. */
async function switchMapping({ cloud, stack }: LocalRun, Enabled: boolean): Promise<void> {
  const credentials = { accessKeyId: "x", secretAccessKey: "x" };
  const lambda = new LambdaClient({ endpoint: cloud.url, region: cloud.region, credentials });
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID: stack.mappings[0]?.uuid, Enabled }));
  lambda.destroy();
}

test("what somebody disabled stays so: recovery leaves it alone, a restart too, and its events wait", async () => {
  const first = await start();
  await switchMapping(first, false);
  await Promise.all(first.mappings.map((mapping) => mapping.disable())); // until its last poll has ended
  expect((await postUntilTaken(first, webhookEvent("waits"))).status).toBe(200);
  await first.runEvents.until(recoveredWith("closed"));
  await first.stop();

  const second = await start();
  await second.runEvents.until(recoveredWith("closed"));
  expect(second.mappings.map(({ state }) => state)).toEqual(["Disabled"]);
  expect(await depth(second, "test-queue")).toBe(1);
  expect(await breaker(second)).toBeUndefined();
  expect(destination.requests).toEqual([]);

  await switchMapping(second, true);
  await second.runEvents.until(happened("delivered"));
  await second.stop();
  expect((await start()).mappings.map(({ state }) => state)).toEqual(["Enabled"]);
});
