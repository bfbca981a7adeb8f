import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { BreakerStore } from "../../../functions/breaker/store.ts";
import { startStateTable } from "../../support/dynamodb.ts";
import { forEachTest } from "../../support/hooks.ts";

const pauses = { baseSeconds: 60, capSeconds: 900 };
const dynamodb = forEachTest(startStateTable);

const store = () => new BreakerStore(dynamodb.client, dynamodb.table, pauses);

test("an empty table means closed", async () => {
  expect(await store().read()).toMatchObject({ status: "closed", held: false });
});

test("one that starts anew finds the state that another left", async () => {
  await store().tell({ kind: "outage", reason: "503" });
  expect(await store().read()).toMatchObject({ status: "open", reason: "503" });
});

test("many processors that report one outage at once open it once", async () => {
  const told = await Promise.all(
    Array.from({ length: 8 }, (_, index) => store().tell({ kind: "outage", reason: `from ${index}` })),
  );
  const openers = told.filter(({ before, after }) => before !== after);
  expect(openers).toHaveLength(1);
  expect(await store().read()).toEqual(openers[0]?.after);
});

test("changes that cross each other are all made", async () => {
  await store().tell({ kind: "outage", reason: "503" });
  await Promise.all([
    store().tell({ kind: "held" }),
    ...Array.from({ length: 5 }, () => store().tell({ kind: "probe-failed", reason: "503" })),
  ]);
  expect(await store().read()).toMatchObject({ status: "open", held: true, failedProbes: 5 });
});

/** Every write fails with this error. @returns how many were tried */
function refuseWrites(error: Error): () => number {
  let tried = 0;
  dynamodb.client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName !== "UpdateItemCommand") return next(args);
        tried++;
        throw error;
      },
    { step: "initialize" },
  );
  return () => tried;
}

test("where somebody else is always faster, it gives up after ten tries more", async () => {
  const conflict = new ConditionalCheckFailedException({ message: "planted", $metadata: {} });
  const tried = refuseWrites(conflict);
  await expect(store().tell({ kind: "outage", reason: "503" })).rejects.toBe(conflict);
  expect(tried()).toBe(11);
});

test("any other error is told at once", async () => {
  const tried = refuseWrites(new Error("planted"));
  await expect(store().tell({ kind: "outage", reason: "503" })).rejects.toThrow("planted");
  await expect(store().add(await store().look(), { earlier: [], fresh: [] }, 3, Date.now())).rejects.toThrow(
    "planted",
  );
  expect(tried()).toBe(2);
});

test("a change that changes nothing is not written", async () => {
  const tried = refuseWrites(new Error("planted"));
  const { before, after } = await store().tell({ kind: "released" });
  expect(after).toBe(before);
  expect(tried()).toBe(0);
});
