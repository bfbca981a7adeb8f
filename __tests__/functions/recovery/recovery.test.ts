import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { toAttributes } from "../../../contract/event/dead-letter.ts";
import { spillKey, writeSpill } from "../../../contract/event/spill.ts";
import { metrics } from "../../../contract/metrics.ts";
import { recoveryLease, stateItems } from "../../../contract/state-items.ts";
import { BreakerStore } from "../../../functions/breaker/store.ts";
import { recovery } from "../../../functions/recovery/handler.ts";
import { type RecoverySettings, recoverySettings } from "../../../functions/recovery/settings.ts";
import { openObjects } from "../../../functions/runtime/objects.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import { startStateTable } from "../../support/dynamodb.ts";
import { startCloud } from "../../support/fauxqs.ts";
import { forEachTest } from "../../support/hooks.ts";
import { RECOVERY_ARN, startLambdaApi } from "../../support/lambda-api.ts";
import { leisurely } from "../../support/leisurely.ts";

const cloud = forEachTest(startCloud);
const state = forEachTest(startStateTable);
const lambda = forEachTest(startLambdaApi);
const logs = capturedLogs();
const pauses = { baseSeconds: 0, capSeconds: 0 };
const breaker = forEachTest(() => new BreakerStore(state.client, state.table, pauses));

function variables(): NodeJS.ProcessEnv {
  return {
    ENVIRONMENT: "test",
    LOG_LEVEL: "INFO",
    QUEUE_URL: cloud.queueUrl,
    DEAD_LETTER_QUEUE_URL: cloud.deadLetterQueueUrl,
    OVERFLOW_BUCKET: cloud.bucket,
    MAX_MESSAGE_BYTES: "262144",
    STATE_TABLE: state.table,
    EVENT_SOURCE_MAPPING: "mapping-uuid",
    PROCESSOR_FUNCTION: "processor",
    BATCH_CONCURRENCY: "5",
    BREAKER: JSON.stringify({
      failingEvents: 5,
      probeBaseSeconds: 1,
      probeCapSeconds: 1,
      settleSeconds: 3600,
    }),
    REDRIVE: JSON.stringify({ maxRedrives: 3, redrivesPerSecond: 500 }),
    RECOVERY_FUNCTION: "recovery",
    QUEUE_RETENTION_SECONDS: "345600",
    DEAD_LETTER_RETENTION_SECONDS: "1209600",
    ALARM_TOPIC: "arn:aws:sns:eu-west-1:000000000000:alarms",
    OLDEST_EVENT_SECONDS: "900",
    TIMEOUT_SECONDS: "60",
  };
}

/** A run in an execution environment of its own. @param alias by which it is invoked, a colon in front */
async function run(changes: Partial<RecoverySettings> = {}, event: unknown = {}, alias = ""): Promise<void> {
  const handler = recovery(
    { ...recoverySettings(variables()), ...changes },
    {
      queue: { endpoint: cloud.endpoint, ...leisurely },
      bucket: { endpoint: cloud.endpoint, ...leisurely },
      state: { endpoint: state.endpoint, ...leisurely },
      lambda: { endpoint: lambda.endpoint, ...leisurely },
    },
  );
  await handler(event, {
    awsRequestId: crypto.randomUUID(),
    invokedFunctionArn: `${RECOVERY_ARN}${alias}`,
    getRemainingTimeInMillis: () => 60_000,
  });
}

const order = (event: unknown) => run({}, event, ":operator");

async function exhausted(body: string): Promise<void> {
  await cloud.sqs.send(
    new SendMessageCommand({
      QueueUrl: cloud.deadLetterQueueUrl,
      MessageBody: body,
      MessageAttributes: toAttributes({
        class: "exhausted",
        message: "The destination answered 503.",
        attempts: 5,
        firstAttemptAt: "2026-11-24T12:00:00.000Z",
        lastAttemptAt: "2026-11-24T12:30:00.000Z",
        source: "webhook",
        eventId: body,
        redrives: 0,
      }),
    }),
  );
}

test("an outage and its end: disabled, probed, closed by a delivery, dead letters brought back", async () => {
  await exhausted("dead-lettered before the breaker opened");
  await cloud.sqs.send(new SendMessageCommand({ QueueUrl: cloud.queueUrl, MessageBody: "waits" }));
  lambda.invoke = async () => ({ attempted: 1, delivered: 0, reason: "The destination answered 503." });
  await breaker.tell({
    kind: "outage",
    reason: "503",
    oldestUndelivered: new Date(Date.now() - 60_000).toISOString(),
  });

  await run();
  expect(lambda.calls).toEqual(["disable mapping-uuid", "invoke processor"]);
  expect(await breaker.read()).toMatchObject({ status: "open", held: true, failedProbes: 1 });
  expect(logs.metric(metrics.recovery.breakerOpen)).toBe(1);
  expect(logs.metric(metrics.recovery.oldestUndelivered)).toBeGreaterThanOrEqual(60_000);
  expect(cloud.messages().map(({ body }) => body)).toEqual(["waits"]);

  lambda.invoke = async () => ({ attempted: 1, delivered: 1 });
  await untilProbeIsDue();
  await cloud.sqs.send(new SendMessageCommand({ QueueUrl: cloud.queueUrl, MessageBody: "another" }));
  await run();
  expect(lambda.calls.slice(2)).toEqual(["invoke processor", "enable mapping-uuid"]);
  expect(await breaker.read()).toMatchObject({ status: "closed", held: false });
  expect(cloud.messages().map(({ body }) => body)).toContain("dead-lettered before the breaker opened");
});

/** The run's own pause is a second: the clock is what is waited for. */
async function untilProbeIsDue(): Promise<void> {
  const { nextProbeAt = "" } = await breaker.read();
  while (Date.now() < Date.parse(nextProbeAt)) await new Promise(setImmediate);
}

test("a mapping that somebody else disabled stays disabled through an outage", async () => {
  lambda.state = "Disabled";
  await breaker.tell({ kind: "outage", reason: "503" });
  await run();
  expect(await breaker.read()).toMatchObject({ status: "half-open", held: false });
  await breaker.tell({ kind: "delivered" });
  await run();
  expect(lambda.calls).toEqual([]);
  expect(logs.metric(metrics.recovery.breakerOpen)).toBe(2); // once for each run: nothing is delivered
});

test.each([
  ["before it was disabled", async () => breaker.tell({ kind: "held" }), "Enabled", ["disable mapping-uuid"]],
  ["after it was disabled", async () => breaker.tell({ kind: "held" }), "Disabled", []],
])("killed %s, the next run goes on from there", async (_when, before, found, calls) => {
  await breaker.tell({ kind: "operator-opened", reason: "maintenance" });
  await before();
  lambda.state = found;
  await run();
  expect(lambda.calls).toEqual(calls);
  expect(lambda.state).toBe("Disabled");
});

test.each([
  ["before it was enabled", "Disabled", ["enable mapping-uuid"]],
  ["after it was enabled", "Enabled", []],
])("killed %s, the next run goes on from there", async (_when, found, calls) => {
  await breaker.tell({ kind: "outage", reason: "503" });
  await breaker.tell({ kind: "held" });
  await breaker.tell({ kind: "operator-closed" });
  lambda.state = found;
  await run();
  expect(lambda.calls).toEqual(calls);
  expect(await breaker.read()).toMatchObject({ status: "closed", held: false });
});

test("a person opens it and closes it: the mapping follows at once, and no probe interferes", async () => {
  await order({ breaker: "open", reason: "maintenance" });
  expect(lambda.calls).toEqual(["disable mapping-uuid"]);
  expect(await breaker.read()).toMatchObject({ status: "open", by: "operator", reason: "maintenance" });
  await run();
  expect(await breaker.read()).toMatchObject({ status: "open", by: "operator" });
  await order({ breaker: "close" });
  expect(lambda.calls).toEqual(["disable mapping-uuid", "enable mapping-uuid"]);
  expect(await breaker.read()).toMatchObject({ status: "closed", by: "operator", held: false });
});

test.each([{ breaker: "opne" }, { breaker: "close", force: true }, { breaker: null }])(
  "an order that is none, %j, changes nothing and says what there is",
  async (event) => {
    await expect(order(event)).rejects.toThrow('neither {"breaker": "open"');
    expect(await breaker.read()).toMatchObject({ status: "closed" });
  },
);

test.each([
  ["nobody's alias", ""],
  ["another alias", ":blue"],
  ["the newest version", ":$LATEST"],
])(
  "an order by %s changes nothing: whoever may wake recovery may not stop deliveries",
  async (_by, alias) => {
    for (const event of [{ breaker: "open", reason: "x" }, { breaker: "close" }, { breaker: "opne" }]) {
      await expect(run({}, event, alias)).rejects.toThrow('alias "operator" alone');
    }
    expect(await breaker.read()).toMatchObject({ status: "closed", by: "recovery" });
    expect(lambda.calls).toEqual([]);
  },
);

test("an operator may wake it without an order, too", async () => {
  await run({}, {}, ":operator");
  expect(logs.logs()).toContainEqual(expect.objectContaining({ message: "Recovery ran" }));
});

test("while Lambda is busy with the last change the mapping stays owed", async () => {
  await breaker.tell({ kind: "outage", reason: "503" });
  await breaker.tell({ kind: "held" });
  await breaker.tell({ kind: "operator-closed" });
  lambda.state = "Disabled";
  lambda.busy = true;
  await run();
  expect(await breaker.read()).toMatchObject({ status: "closed", held: true });
  lambda.busy = false;
  await run();
  expect(lambda.state).toBe("Enabled");
});

test("what spilled goes back, whatever the breaker says", async () => {
  const objects = openObjects({ endpoint: cloud.endpoint, forcePathStyle: true });
  await objects.put({
    bucket: cloud.bucket,
    key: spillKey("main", "id", "0".repeat(64), new Date()),
    bytes: Buffer.from(writeSpill({ queue: "main", body: "spilled" })),
    contentType: "application/json",
  });
  await breaker.tell({ kind: "operator-opened", reason: "maintenance" });
  await run();
  expect(cloud.messages().map(({ body }) => body)).toEqual(["spilled"]);
  expect(await cloud.keys("spill/")).toEqual([]);
  expect(logs.metric(metrics.recovery.requeued)).toBe(1);
});

test("two runs at once: one works, the other leaves", async () => {
  await exhausted("event");
  await Promise.all([run(), run()]);
  expect(cloud.messages()).toHaveLength(1);
  expect(logs.logs().filter(({ message }) => message === "Recovery ran")).toHaveLength(1);
});

test("a step that fails makes the run an error, after the others are done", async () => {
  await exhausted("event");
  await expect(run({ overflowBucket: "no-such-bucket" })).rejects.toThrow("2 steps of recovery failed.");
  expect(cloud.messages()).toHaveLength(1);
  expect(logs.metric(metrics.recovery.failures)).toBe(2); // spilled and parked
});

test("with nothing to probe with, the next event tells", async () => {
  await breaker.tell({ kind: "outage", reason: "a handler threw" });
  await run();
  expect(await breaker.read()).toMatchObject({ status: "half-open" });
});

test("with the state table out of reach, what spilled goes back all the same, and the run is an error", async () => {
  const objects = openObjects({ endpoint: cloud.endpoint, forcePathStyle: true });
  await objects.put({
    bucket: cloud.bucket,
    key: spillKey("main", "id", "0".repeat(64), new Date()),
    bytes: Buffer.from(writeSpill({ queue: "main", body: "spilled" })),
    contentType: "application/json",
  });
  await exhausted("event");
  await expect(run({ stateTable: "no-such-table" })).rejects.toThrow("steps of recovery failed.");
  expect(cloud.messages().map(({ body }) => body)).toEqual(["spilled"]);
});

test.each(["STATE_TABLE", "EVENT_SOURCE_MAPPING", "REDRIVE", "BREAKER", "TIMEOUT_SECONDS"])(
  "without %s it does not start, and says so",
  (name) => {
    expect(() => recoverySettings({ ...variables(), [name]: undefined })).toThrow(`${name}: is not set`);
  },
);

test("a run leaves behind when it ended well, and one of which a step failed does not", async () => {
  await run();
  const wellAt = await endedWellAt();
  expect(wellAt).toBeGreaterThan(0);
  await expect(run({ overflowBucket: "gone" })).rejects.toThrow("steps of recovery failed");
  expect(await endedWellAt()).toBe(wellAt);
  await run();
  expect(await endedWellAt()).toBeGreaterThan(wellAt);
});

async function endedWellAt(): Promise<number> {
  const Key = { id: { S: stateItems.recoveryLease } };
  const { Item: item } = await state.client.send(new GetItemCommand({ TableName: state.table, Key }));
  return Number(item?.[recoveryLease.endedWellAt]?.N ?? 0);
}
