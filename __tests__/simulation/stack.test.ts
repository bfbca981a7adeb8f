import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../simulation/run.ts";
import { readSimulatedStack, type SimulatedStack } from "../../simulation/stack.ts";
import { synthesiseFor } from "../../simulation/synthesise.ts";
import { PARTNER_EVENT_SOURCE } from "../../simulation/world/genesys.ts";

let folder: string;
let stack: SimulatedStack;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stack-"));
  const file = synthesiseFor(
    {
      sources: { eventbridge: { partnerEventSource: PARTNER_EVENT_SOURCE } },
      receiver: { reservedConcurrency: 40 },
      throttling: { ratePerSecond: 70, burst: 90 },
      overflow: { expirationDays: 30 },
    },
    folder,
  );
  stack = await readSimulatedStack(file);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("what only AWS enforces is read from the synthesised stack", () => {
  expect(stack.throttling).toEqual({ ratePerSecond: 70, burst: 90 });
  expect([...stack.reservedConcurrency]).toEqual([[expect.stringMatching(/-receiver$/), 40]]);
  expect([...stack.allowsRecursion].sort()).toEqual([
    expect.stringMatching(/-processor$/),
    expect.stringMatching(/-recovery$/),
  ]);
  expect(stack.expirations).toEqual([{ prefix: "", days: 30 }]);
  expect(stack.timeToLive).toBe("expiration");
  expect([...stack.retryPolicies.values()]).toEqual([
    { maximumEventAgeSeconds: 86_400, maximumRetryAttempts: 185 },
  ]);
  const recovery = stack.functions.find(({ name }) => name.endsWith("-recovery"));
  expect(recovery?.asynchronous).toEqual({ maximumRetryAttempts: 0, maximumEventAgeSeconds: 60 });
});

test("partner events come through an outage of the queue, and every one is delivered whole", async () => {
  const hour = 3_600_000;
  const report = await run(
    {
      name: "partner-events",
      shows: "EventBridge tries again until the queue is there.",
      seeds: 1,
      world: () => ({
        milliseconds: 4 * hour,
        arrivals: [{ kind: "poisson", perSecond: 1 / 60, from: 0, to: hour }],
        event: (number) => ({ way: "eventbridge", eventType: "v2.x", event: { number } }),
        destination: () => ({ status: 200 }),
        faults: { rate: 0, outages: [{ service: "sqs", from: 0, to: 2 * hour, how: "refuse" }] },
      }),
      expect: () => [],
    },
    stack,
    1,
  );
  const { acknowledged, delivered, lost, faults } = report.judgement;
  expect(acknowledged).toBeGreaterThan(30);
  expect({ delivered, lost, faults }).toEqual({ delivered: acknowledged, lost: [], faults: [] });
});
