import { keepLedger, textOf } from "../support/ledger.ts";
import { postUntilTaken, webhookEvent } from "../support/local-run.ts";
import { proof } from "../support/proof.ts";
import { all, drained, times } from "../support/watch.ts";

const given = proof();

test("the same signed request, at once and later again: accepted each time, delivered once", async () => {
  const { run, destination } = given;
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
  // A border between two windows may lie within the test.
  expect(new Set(kept.map(({ eventId = "" }) => eventId.split("~").at(-1))).size).toBe(1);
  expect(all(run, "delivered")).toHaveLength(1);
  expect(ledger.bodies()).toEqual([textOf(event)]);
  expect(ledger.duplicates()).toBe(0);
});
