import { flood, manyEvents } from "../support/flood.ts";
import { keepLedger, textOf } from "../support/ledger.ts";
import { happened } from "../support/local-run.ts";
import { proof } from "../support/proof.ts";
import { all, breaker, depth, drained, recoveredWith, switched } from "../support/watch.ts";

const given = proof();

test("1,000 events meet an outage: all are delivered in the end, and none becomes a dead letter", async () => {
  const { run, destination } = given;
  const events = manyEvents(1_000);
  const ledger = keepLedger(destination);
  ledger.status = 503;
  const posted = flood(run, events);

  await run.runEvents.until(happened("breakerOpened"));
  await run.runEvents.until(switched(false));
  expect(await breaker(run)).toMatchObject({ status: "open", by: "processor", held: true });
  await run.runEvents.until(happened("probeFailed"));
  await posted;
  // The breaker keeps the destination from being asked 1,000 times in vain.
  expect(destination.requests.length).toBeLessThan(events.length / 4);

  ledger.status = 200;
  await run.runEvents.until(switched(true));
  await ledger.keys(events.length);
  await drained(run);
  await new Promise<void>((resolve) => {
    const off = run.runEvents.on((runEvent) => {
      if (!recoveredWith("closed")(runEvent)) return;
      off();
      resolve();
    });
  });

  expect(ledger.bodies()).toEqual(events.map(textOf).sort());
  expect(await depth(run, "dead-letter-queue")).toBe(0);
  expect(all(run, "deadLettered")).toEqual([]);
  expect(await breaker(run)).toMatchObject({ status: "closed", held: false });
});
