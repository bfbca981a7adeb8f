import { BreakerStore } from "../../../functions/breaker/store.ts";
import { handlers as own } from "../../../functions/processor/handlers/index.ts";
import { envelopeFor } from "../../support/envelopes.ts";
import { processorBench, timeLeft } from "../../support/processor.ts";

const bench = processorBench();
const delivered: string[] = [];

beforeAll(() => {
  own.set("broken", async ({ json }) => {
    (json as { missing: { member: () => void } }).missing.member(); // a TypeError
  });
  own.set("down", () => Promise.reject(new Error("connect ECONNREFUSED")));
  own.set("well", async ({ id }) => void delivered.push(id));
});
afterAll(() => {
  for (const type of ["broken", "down", "well"]) own.delete(type);
});

/** Lets an execution environment of its own have one event, as it first comes. */
async function handle(name: string, type: string): Promise<void> {
  const processor = bench.start({
    destination: { kind: "handlers" },
    breaker: { ...bench.settings.breaker, failingEvents: 3 },
  });
  await bench.send(envelopeFor("{}", { id: name, event_type: type }));
  await processor(await bench.receive(), timeLeft());
}

const breaker = () =>
  new BreakerStore(bench.state.client, bench.state.table, { baseSeconds: 60, capSeconds: 900 }).read();

test("a handler's own mistake holds up its events alone: the breaker stays closed, and others are delivered", async () => {
  for (let event = 0; event < 12; event++) await handle(`broken-${event}`, "broken");
  expect(await breaker()).toMatchObject({ status: "closed" });
  await handle("well", "well");
  expect(delivered).toHaveLength(1);
});

test("what the handler cannot reach is an outage all the same", async () => {
  for (let event = 0; event < 3; event++) await handle(`down-${event}`, "down");
  expect(await breaker()).toMatchObject({ status: "open" });
});
