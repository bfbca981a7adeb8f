import { flood, floodInput, manyEvents } from "../support/flood.ts";
import { keepLedger, textOf } from "../support/ledger.ts";
import { proof } from "../support/proof.ts";
import { all, depth, drained } from "../support/watch.ts";

/** Every failure is the last one, and no number of them opens the breaker. */
const unbroken = {
  ...floodInput,
  queue: { ...floodInput.queue, maxReceiveCount: 1 },
  breaker: { ...floodInput.breaker, failingEvents: 1_000 },
  recovery: { ...floodInput.recovery, maxRedrives: 100 },
};

const given = proof(unbroken);

const deadLettered = () => new Set(all(given.run, "deadLettered").map(({ eventId }) => eventId)).size;
const redriven = () =>
  all(given.run, "recovered").reduce((sum, { fields }) => sum + Number(fields["redriven"]), 0);

test("an outage fills the dead-letter queue: recovery redrives it by itself, and all are delivered", async () => {
  const { run, destination } = given;
  const events = manyEvents(150);
  const ledger = keepLedger(destination);
  ledger.status = 503;
  await flood(run, events);
  await run.runEvents.until(() => deadLettered() === events.length);

  ledger.status = 200;
  await ledger.keys(events.length);
  await drained(run);

  expect(ledger.bodies()).toEqual(events.map(textOf).sort());
  expect(await depth(run, "dead-letter-queue")).toBe(0);
  await run.runEvents.until(() => redriven() === all(run, "deadLettered").length); // the last run has told
  expect(new Set(all(run, "deadLettered").map(({ fields }) => fields["class"]))).toEqual(
    new Set(["exhausted"]),
  );
  expect(all(run, "breakerOpened")).toEqual([]);
  // A message has one receive here: a second attempt is another message, put on the queue by a redrive.
  expect(ledger.lowestAttempt()).toBeGreaterThanOrEqual(2);
});
