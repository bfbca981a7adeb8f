import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { LambdaClient, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { PurgeQueueCommand } from "@aws-sdk/client-sqs";
import { jest } from "@jest/globals";
import { report } from "../../local/reporter.ts";
import type { RunEvent } from "../../local/run-events.ts";
import { floodInput } from "../support/flood.ts";
import { signed } from "../support/lambda-events.ts";
import { localRun } from "../support/local-bench.ts";
import { happened, post, postUntilTaken, webhookEvent } from "../support/local-run.ts";
import { drained } from "../support/watch.ts";

jest.setTimeout(240_000);

/** Seconds that a minute of the alarms lasts, for those who do not want to wait: everything is thirty times older. */
const MINUTE_SECONDS = 2;

const { run, destination } = localRun({
  input: { ...floodInput, alarms: { oldestEventSeconds: 90 } },
  alarmPeriodSeconds: MINUTE_SECONDS,
});
afterEach(() => destination.reset());

type AlarmEvent = Extract<RunEvent, { kind: "alarm" }>;

/** The next time that an alarm is told, from what has happened since `since`. */
function alarmEvent(name: string, inAlarm: boolean, since: number): Promise<AlarmEvent> {
  const is = (each: RunEvent): each is AlarmEvent =>
    each.kind === "alarm" && each.name === `genesys-events-test-${name}` && each.inAlarm === inAlarm;
  const found = run.runEvents.soFar.slice(since).find(is);
  if (found) return Promise.resolve(found);
  return new Promise((resolve) => {
    const off = run.runEvents.on((each) => {
      if (!is(each)) return;
      off();
      resolve(each);
    });
  });
}

const now = () => run.runEvents.soFar.length;

/** Waits until an alarm that an earlier test has set off is over: as long as it lasts, nothing tells of another one. */
async function calm(name: string): Promise<number> {
  const told = run.runEvents.soFar.findLast(
    (each) => each.kind === "alarm" && each.name === `genesys-events-test-${name}`,
  );
  if (told?.kind === "alarm" && told.inAlarm)
    await alarmEvent(name, false, run.runEvents.soFar.indexOf(told));
  return now();
}

async function switchMapping(Enabled: boolean): Promise<void> {
  const lambda = new LambdaClient(run.cloud.operatorConfig());
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID: run.stack.mappings[0]?.uuid, Enabled }));
  lambda.destroy();
}

test("a run that starts well sets nothing off", async () => {
  await run.runEvents.until(
    ({ kind, ...rest }) => kind === "event" && "what" in rest && rest.what === "recovered",
  );
  expect(run.runEvents.soFar.filter((each) => each.kind === "alarm" && each.inAlarm)).toEqual([]);
});

test("dead letters: it goes off, says what to do, and clears when the queue is empty", async () => {
  const since = await calm("dead-letters");
  destination.answer = () => ({ status: 422 });
  expect((await postUntilTaken(run, webhookEvent("refused"))).status).toBe(200);
  const { description } = await alarmEvent("dead-letters", true, since);
  expect(description).toContain("Run first: npm run genesys-dlq -- dlq stats --environment test");

  const client = new CloudWatchClient(run.cloud.operatorConfig());
  const { MetricAlarms: inAlarm = [] } = await client.send(
    new DescribeAlarmsCommand({ AlarmNamePrefix: "genesys-events-test-", StateValue: "ALARM" }),
  );
  client.destroy();
  expect(inAlarm.map(({ AlarmName: name }) => name)).toContain("genesys-events-test-dead-letters");

  const { url } = run.stack.queues.find(({ name }) => name.endsWith("dead-letter-queue")) ?? {};
  const cleared = now();
  await run.cloud.sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
  await alarmEvent("dead-letters", false, cleared);
});

test("a mapping that somebody switched off: it goes off, and clears when it is on again", async () => {
  const since = await calm("breaker-open");
  await switchMapping(false);
  expect((await postUntilTaken(run, webhookEvent("waits"))).status).toBe(200);
  await alarmEvent("breaker-open", true, since);
  await switchMapping(true);
  await drained(run);
  await alarmEvent("breaker-open", false, since);
});

test("an outage: events that wait are heard, and clear once they are delivered", async () => {
  const since = await calm("oldest-event");
  let status = 503;
  destination.answer = ({ method }) => ({ status: method === "POST" ? status : 200 });
  expect((await postUntilTaken(run, webhookEvent("refused for long"))).status).toBe(200);
  await alarmEvent("oldest-event", true, since);
  status = 200;
  await drained(run);
  await alarmEvent("oldest-event", false, since);
});

test("a wrong secret: it goes off while each event is answered 401", async () => {
  const since = await calm("unauthorized");
  const body = webhookEvent("signed with another secret");
  const { url } = run.signedRequest(body);
  const headers = { ...signed(body.toString(), "another secret"), "content-type": "application/json" };
  for (let requests = 0; requests < 20; requests++) {
    expect((await fetch(url, { method: "POST", headers, body })).status).toBe(401);
  }
  await alarmEvent("unauthorized", true, since);
});

test("spill: it goes off when the queue does not take an event, and clears when it is back", async () => {
  const since = await calm("spill");
  await run.cloud.stopService("sqs");
  expect((await postUntilTaken(run, webhookEvent("spilled"))).status).toBe(200);
  await run.cloud.startService("sqs");
  await alarmEvent("spill", true, since);
  await alarmEvent("spill", false, since);
});

test("5xx: it goes off when nothing took an event, and clears by itself", async () => {
  const since = await calm("api-5xx");
  await run.cloud.stopService("sqs");
  await run.cloud.stopService("s3");
  expect((await post(run, webhookEvent("not stored"))).status).toBe(503);
  await run.runEvents.until(happened("notStored"));
  await run.cloud.startService("s3");
  await run.cloud.startService("sqs");
  await alarmEvent("api-5xx", true, since);
  await alarmEvent("api-5xx", false, since);
});

test("a recovery that has stopped is heard, since it says nothing", async () => {
  const since = await calm("recovery-silent");
  await [...run.functions.values()].find(({ model }) => model.name.endsWith("-recovery"))?.stop();
  await alarmEvent("recovery-silent", true, since);
});

test("the run says so in one line", () => {
  const plain = (text: string) => text;
  const colours = { dim: plain, green: plain, yellow: plain, red: plain };
  const alarm = { kind: "alarm", name: "x-spill", description: "It spilled. It means." } as const;
  expect(report({ ...alarm, inAlarm: true }, new Date(), colours)).toMatch(/alarm {2}x-spill: It spilled\.$/);
  const text =
    "It spilled. It means. Run first: npm run genesys-dlq -- doctor --environment dev. It is set there because it is.";
  expect(report({ ...alarm, description: text, inAlarm: true }, new Date(), colours)).toMatch(
    /: It spilled\. Run first: npm run genesys-dlq -- doctor --local$/,
  );
  expect(report({ ...alarm, inAlarm: false }, new Date(), colours)).toMatch(/all clear {2}x-spill$/);
});
