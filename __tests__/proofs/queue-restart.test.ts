import { flood, manyEvents } from "../support/flood.ts";
import { keepLedger, textOf } from "../support/ledger.ts";
import { proof } from "../support/proof.ts";
import { all, depth, drained, objectKeys, times } from "../support/watch.ts";

const given = proof();

test("the queues go away in the middle and come back: what was spilled meanwhile comes back too", async () => {
  const { run, destination } = given;
  const events = manyEvents(600);
  const ledger = keepLedger(destination);
  const posted = flood(run, events);
  await times(run, "accepted", 150);
  await run.cloud.stopService("sqs");
  await times(run, "spilled", 20);
  await run.cloud.startService("sqs");

  await posted;
  await ledger.keys(events.length);
  await drained(run);

  expect(ledger.bodies()).toEqual(events.map(textOf).sort());
  expect(await depth(run, "dead-letter-queue")).toBe(0);
  expect(await objectKeys(run, "spill/")).toEqual([]);
  const requeued = all(run, "recovered").map(({ fields }) => Number(fields["requeued"]));
  expect(requeued.reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(all(run, "spilled").length);
});
