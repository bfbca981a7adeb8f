import { jest } from "@jest/globals";
import { type LocalRun, startLocal } from "../../local/run.ts";
import { startDestination, type TestDestination } from "../support/destination.ts";
import { floodInput } from "../support/flood.ts";
import { keepLedger, textOf } from "../support/ledger.ts";
import { openWorkshop, postUntilTaken, type Workshop, webhookEvent } from "../support/local-run.ts";
import { all, drained, times } from "../support/watch.ts";

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

test("the same signed request, at once and later again: accepted each time, delivered once", async () => {
  const event = webhookEvent("again");
  const ledger = keepLedger(destination);
  const send = async () => expect((await postUntilTaken(run, event)).status).toBe(200);

  await Promise.all(Array.from({ length: 8 }, send));
  await times(run, "duplicate", 7);
  for (let i = 0; i < 3; i++) await send();
  await times(run, "duplicate", 10);
  await drained(run);

  const kept = [...all(run, "accepted"), ...all(run, "spilled")];
  expect(kept.length).toBeGreaterThanOrEqual(11);
  expect(new Set(kept.map(({ eventId }) => eventId)).size).toBe(1);
  expect(all(run, "delivered")).toHaveLength(1);
  expect(ledger.bodies()).toEqual([textOf(event)]);
  expect(ledger.duplicates()).toBe(0);
});
