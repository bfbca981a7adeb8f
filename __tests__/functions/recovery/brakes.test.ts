import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { jest } from "@jest/globals";
import { metrics } from "../../../contract/metrics.ts";
import { recoveryLease, stateItems } from "../../../contract/state-items.ts";
import { EmbeddedMetrics } from "../../../functions/runtime/embedded-metrics.ts";
import { type CapturedLogs, captureLogs } from "../../support/captured-logs.ts";
import { type RecoveryBench, startRecoveryBench } from "../../support/recovery.ts";

let bench: RecoveryBench;
let logs: CapturedLogs;

beforeEach(async () => {
  bench = await startRecoveryBench();
  logs = captureLogs();
});
afterEach(async () => {
  logs.stop();
  await bench.stop();
});

const onMain = () => bench.cloud.messages().map(({ body }) => body);

describe("the end of a run", () => {
  test.each([
    [10_000, [], ["spilled"], ["dead"]],
    [10_001, ["dead", "spilled"], [], []],
  ])("with %i ms left, what goes back is %j", async (remaining, back, spilled, dead) => {
    await bench.spilled("spilled");
    await bench.deadLetter("dead");
    await bench.run({ remaining: () => remaining });
    expect(onMain().sort()).toEqual(back);
    expect(await bench.cloud.keys("spill/")).toHaveLength(spilled.length);
    expect(bench.cloud.messages("dead-letter").map(({ body }) => body)).toEqual(dead);
  });

  test("time that runs out ends it, and the next run follows at once", async () => {
    for (let number = 0; number < 200; number++) await bench.spilled(`event ${number}`);
    let asked = 0;
    await bench.run({ remaining: () => (++asked <= 10 ? 60_000 : 10_000) });
    const moved = onMain().length;
    expect(moved).toBeGreaterThan(0);
    expect(moved).toBeLessThan(200);
    expect(await bench.cloud.keys("spill/")).toHaveLength(200 - moved);
    expect(bench.lambda.calls).toEqual(["invoke recovery"]);
    await bench.run();
    expect(onMain()).toHaveLength(200);
    expect(bench.lambda.calls).toEqual(["invoke recovery"]);
  });

  test("a run that could do nothing calls nobody: the schedule will", async () => {
    await bench.spilled("an event");
    await bench.run({ remaining: () => 10_000 });
    expect(bench.lambda.calls).toEqual([]);
  });
});

describe("the lease", () => {
  const item = async () => {
    const Key = { id: { S: stateItems.recoveryLease } };
    const { Item = {} } = await bench.state.client.send(
      new GetItemCommand({ TableName: bench.state.table, Key, ConsistentRead: true }),
    );
    return Item;
  };

  test.each([60, 90])("lasts as long as the run may, %i s, and is the invocation's", async (seconds) => {
    await bench.spilled("an event");
    const before = Date.now();
    const looks: ReturnType<typeof item>[] = [];
    const remaining = () => {
      looks.push(item()); // asked for the lease, and then before each object
      return seconds * 1_000;
    };
    await bench.run({ remaining, requestId: "this-invocation" });
    const during = (await looks[1]) ?? {};
    expect(during[recoveryLease.owner]).toEqual({ S: "this-invocation" });
    const until = Number(during[recoveryLease.until]?.N);
    expect(until).toBeGreaterThanOrEqual(before + seconds * 1_000);
    expect(until).toBeLessThanOrEqual(Date.now() + seconds * 1_000);
    expect(await item()).toMatchObject({ [recoveryLease.until]: { N: "0" } });
  });
});

describe("half-open", () => {
  test("is told as what it is: in the log as half-open, to the alarm as not closed, with the age of what waits", async () => {
    await bench.breaker.tell({
      kind: "outage",
      reason: "503",
      oldestUndelivered: new Date(Date.now() - 90_000).toISOString(),
    });
    await bench.breaker.tell({ kind: "nothing-to-probe" });
    await bench.run();
    expect(await bench.breaker.read()).toMatchObject({ status: "half-open" });
    expect(logs.logs().find(({ message }) => message === "Recovery ran")).toMatchObject({
      breaker: "half-open",
    });
    expect(logs.metric(metrics.recovery.breakerOpen)).toBe(1);
    expect(logs.metric(metrics.recovery.oldestUndelivered)).toBeGreaterThanOrEqual(90_000);
  });

  test("closed, nothing waits for it: no age is told, and the breaker's number is 0, not missing", async () => {
    await bench.run();
    const told = logs.lines().filter((line) => metrics.recovery.breakerOpen in line);
    expect(told.map((line) => line[metrics.recovery.breakerOpen])).toEqual([0]);
    expect(logs.lines().filter((line) => metrics.recovery.oldestUndelivered in line)).toEqual([]);
  });
});

describe("a mapping that a person switched off", () => {
  test("is not ours while the breaker is open, nor when it has closed", async () => {
    bench.lambda.state = "Disabled";
    bench.destination.answer = () => ({ status: 503 });
    await bench.event("waits");
    await bench.breaker.tell({ kind: "outage", reason: "503" });
    await bench.run();
    expect(await bench.breaker.read()).toMatchObject({ status: "open", held: false, failedProbes: 1 });
    await bench.breaker.tell({ kind: "operator-closed" });
    await bench.run();
    expect(await bench.breaker.read()).toMatchObject({ status: "closed", held: false });
    expect(bench.lambda.calls).toEqual(["invoke processor"]);
    expect(bench.lambda.state).toBe("Disabled");
  });

  test.each(["Enabled", "Enabling"])("one that is %s is ours to switch off, and back on", async (state) => {
    bench.lambda.state = state;
    await bench.breaker.tell({ kind: "operator-opened", reason: "maintenance" });
    await bench.run();
    expect(bench.lambda.calls).toEqual(["disable mapping-uuid"]);
    expect(await bench.breaker.read()).toMatchObject({ held: true });
    await bench.breaker.tell({ kind: "operator-closed" });
    await bench.run();
    expect(bench.lambda.calls).toEqual(["disable mapping-uuid", "enable mapping-uuid"]);
  });
});

test("half-open, nothing is redriven; without time, nothing is, whatever the breaker says", async () => {
  await bench.breaker.tell({ kind: "outage", reason: "503" });
  await bench.breaker.tell({ kind: "nothing-to-probe" });
  await bench.deadLetter("waits");
  await bench.run();
  expect(bench.cloud.messages()).toEqual([]);
  await bench.breaker.tell({ kind: "delivered" });
  await bench.run({ remaining: () => 10_000 });
  expect(bench.cloud.messages()).toEqual([]);
  await bench.run();
  expect(bench.cloud.messages().map(({ body }) => body)).toEqual(["waits"]);
});

test.each(["addMetric", "publishStoredMetrics"] as const)(
  "metrics whose %s fails make no error of a run that went well",
  async (name) => {
    const broken = jest.spyOn(EmbeddedMetrics.prototype, name).mockImplementation(() => {
      throw new Error("planted: nothing can be written");
    });
    try {
      await bench.spilled("an event");
      await bench.run();
      expect(onMain()).toEqual(["an event"]);
      expect(broken).toHaveBeenCalled();
    } finally {
      broken.mockRestore();
    }
  },
);
