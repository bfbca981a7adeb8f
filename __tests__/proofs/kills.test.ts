import { flood, manyEvents } from "../support/flood.ts";
import { keepLedger, textOf } from "../support/ledger.ts";
import { proof } from "../support/proof.ts";
import { depth, drained } from "../support/watch.ts";

const given = proof();

/** The same chances in every run of the test. */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test("processes are killed at random moments of 1,000 events: not one is lost, and none changes", async () => {
  const { run, destination } = given;
  const events = manyEvents(1_000);
  const ledger = keepLedger(destination);
  const random = chances(7);
  const killed = { receiver: 0, processor: 0 };
  /** Some moment later, one of the function's processes that are at work dies. */
  const perhapsKill = (name: keyof typeof killed, chance: number) => {
    if (killed[name] >= 12 || random() >= chance) return;
    const target = [...run.functions.values()].find(({ model }) => model.name.endsWith(name));
    setTimeout(() => {
      if (killed[name] < 12 && target?.crash(random()) !== undefined) killed[name]++;
    }, random() * 20);
  };
  ledger.onDelivery = () => perhapsKill("processor", 1 / 20);

  const requests = await flood(run, events, { onRequest: () => perhapsKill("receiver", 1 / 20) });
  await ledger.keys(events.length);
  await drained(run);

  expect(killed).toEqual({ receiver: 12, processor: 12 });
  expect(requests).toBeGreaterThan(events.length); // what was not acknowledged was sent again
  expect(ledger.bodies()).toEqual(events.map(textOf).sort()); // one body for each key
  expect(ledger.duplicates()).toBeGreaterThan(0); // taken by the destination, but not remembered
  expect(await depth(run, "dead-letter-queue")).toBe(0);
});
