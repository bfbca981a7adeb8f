import { countedCalls } from "../../support/calls.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import { envelopeFor } from "../../support/envelopes.ts";
import { processorBench, timeLeft } from "../../support/processor.ts";

const bench = processorBench();
const calls = countedCalls();
const logs = capturedLogs();

const credentials = { kind: "bearer", secretParameter: "/crm" } as const;
const withCredentials = () => ({ destination: { ...bench.http, credentials } });

async function deliverOne(process: ReturnType<typeof bench.start>): Promise<void> {
  await bench.send(envelopeFor("one"));
  const batch = await bench.receive();
  calls.clear();
  expect(await process(batch, timeLeft())).toEqual({ batchItemFailures: [] });
  expect(bench.destination.requests).toHaveLength(1);
}

test("the breaker and the destination's credentials are read ahead, and the first batch reads neither", async () => {
  bench.parameters.values.set("/crm", "planted-token");
  const process = bench.start(withCredentials());
  await process.prepare();
  await deliverOne(process);
  expect(bench.destination.requests[0]?.headers["authorization"]).toBe("Bearer planted-token");
  expect([...calls.counts().keys()].filter((name) => /GetItem|GetParameter/.test(name))).toEqual([]);
});

test("a table and a store that are out of reach fail no initialisation, and the first batch tries for itself", async () => {
  bench.parameters.values.set("/crm", "planted-token");
  bench.parameters.down = true;
  const process = bench.start(withCredentials(), { state: bench.parameters.endpoint });
  await expect(process.prepare()).resolves.toBeUndefined();
  expect(logs.logs()).toEqual([]);
  bench.parameters.down = false;
  await deliverOne(process);
});
