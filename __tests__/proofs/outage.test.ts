import { jest } from "@jest/globals";
import { type LocalRun, startLocal } from "../../local/run.ts";
import { startDestination, type TestDestination } from "../support/destination.ts";
import { flood, floodInput, manyEvents } from "../support/flood.ts";
import { keepLedger, textOf } from "../support/ledger.ts";
import { happened, openWorkshop, type Workshop } from "../support/local-run.ts";
import { all, breaker, depth, drained, recoveredWith, switched } from "../support/watch.ts";

jest.setTimeout(300_000);

let workshop: Workshop;
let destination: TestDestination;
let run: LocalRun;

beforeAll(async () => {
  [workshop, destination] = await Promise.all([openWorkshop(), startDestination()]);
  const stackFile = workshop.synthesise("stack", floodInput);
  run = await startLocal({ stackFile, destination: destination.url, scheduleEverySeconds: 1 });
});
afterAll(async () => {
  await run?.stop();
  await destination.stop();
  await workshop.close();
});

test("2,000 events meet an outage: all are delivered in the end, and none becomes a dead letter", async () => {
  const events = manyEvents(2_000);
  const ledger = keepLedger(destination);
  ledger.status = 503;
  const posted = flood(run, events);

  await run.happenings.until(happened("breakerOpened"));
  await run.happenings.until(switched(false));
  expect(await breaker(run)).toMatchObject({ status: "open", by: "processor", held: true });
  await run.happenings.until(happened("probeFailed"));
  await posted;
  // The breaker keeps the destination from being asked 2,000 times in vain.
  expect(destination.requests.length).toBeLessThan(events.length / 4);

  ledger.status = 200;
  await run.happenings.until(recoveredWith("half-open"));
  await run.happenings.until(switched(true));
  await ledger.keys(events.length);
  await drained(run);
  await new Promise<void>((resolve) => {
    const off = run.happenings.on((happening) => {
      if (!recoveredWith("closed")(happening)) return;
      off();
      resolve();
    });
  });

  expect(ledger.bodies()).toEqual(events.map(textOf).sort());
  expect(await depth(run, "dead-letter-queue")).toBe(0);
  expect(all(run, "deadLettered")).toEqual([]);
  expect(await breaker(run)).toMatchObject({ status: "closed", held: false });
});
