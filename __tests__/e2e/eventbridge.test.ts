import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { jest } from "@jest/globals";
import type { RunEvent } from "../../local/run-events.ts";
import { nameIn } from "../support/envelopes.ts";
import { localRun } from "../support/local-bench.ts";
import { happened, quickInput } from "../support/local-run.ts";
import { putPartnerEvents } from "../support/partner-events.ts";

jest.setTimeout(120_000);

const SOURCE = "aws.partner/genesys.com/cloud/2e4f/events";
const TYPE = "v2.detail.events.conversation.{id}.user.end";

const { run, destination } = localRun({
  input: {
    ...quickInput,
    sources: {
      eventbridge: { partnerEventSource: SOURCE, detailTypes: ["v2.detail.events.conversation.*"] },
    },
  },
  scheduleEverySeconds: 2,
  alarmPeriodSeconds: 2,
});
afterEach(() => destination.reset());

const detail = '{"topicName":"t","eventBody":{"conversationId":"c-1","big":12345678901234567890,"e":"👋"}}';

test("an event that Genesys puts on its bus is delivered whole, under its own id", async () => {
  const { Entries: entries } = await putPartnerEvents(run, [
    { Source: SOURCE, DetailType: TYPE, Detail: detail },
  ]);
  const { eventId } = await run.runEvents.until(happened("delivered"));

  const [{ EventId: ownId = "" } = {}] = entries;
  expect(eventId).toMatch(new RegExp(`^eventbridge\\|${ownId}~[0-9a-f]{32}$`));
  const [request] = destination.requests;
  expect(request?.headers["idempotency-key"]).toBe(eventId);
  const body = request?.body.toString() ?? "";
  expect(JSON.parse(body)).toMatchObject({ id: ownId, source: SOURCE, "detail-type": TYPE, version: "0" });
  expect(body).toContain(`"detail":${detail}`);
});

test("one that no rule takes, or that is another organisation's, goes nowhere", async () => {
  const answer = await putPartnerEvents(run, [
    { Source: SOURCE, DetailType: "v2.users.{id}.presence", Detail: detail },
    { Source: `${SOURCE}-2`, DetailType: TYPE, Detail: detail },
    { Source: SOURCE, DetailType: TYPE, Detail: detail },
  ]);
  const ids = answer.Entries.map(({ EventId: id }) => id);
  await run.runEvents.until((each) => happened("delivered")(each) && nameIn(String(each.eventId)) === ids[2]);

  const taken = run.runEvents.soFar.flatMap((each) =>
    each.kind === "bus" && ids.includes(each.eventId) ? [each.rules.length] : [],
  );
  expect(taken).toEqual([0, 0, 1]);
  expect(destination.requests.map(({ headers }) => nameIn(String(headers["idempotency-key"])))).toEqual([
    ids[2],
  ]);
});

test("what is no event is refused, entry by entry", async () => {
  const answer = await putPartnerEvents(run, [
    { Source: SOURCE, DetailType: TYPE, Detail: "not JSON" },
    { Source: SOURCE, DetailType: TYPE, Detail: "[]" },
    { Source: SOURCE, Detail: detail },
  ]);
  expect(answer.FailedEntryCount).toBe(3);
  expect(answer.Entries.map(({ ErrorCode: code }) => code)).toEqual(Array(3).fill("MalformedDetail"));
});

test("what EventBridge could not put on the queue is brought back by recovery, and delivered", async () => {
  const id = "7bf73129-1428-4cd3-a780-95db273d1602";
  const text = (StringValue: string) => ({ DataType: "String", StringValue });
  await run.cloud.sqs.send(
    new SendMessageCommand({
      QueueUrl: run.stack.queues.find(({ name }) => name.endsWith("dead-letter-queue"))?.url,
      MessageBody: `{"version":"0","id":"${id}","detail-type":"${TYPE}","source":"${SOURCE}","detail":${detail}}`,
      MessageAttributes: {
        RULE_ARN: text("arn:aws:events:eu-west-1:000000000000:rule/genesys"),
        TARGET_ARN: text("arn:aws:sqs:eu-west-1:000000000000:queue"),
        ERROR_CODE: text("NO_PERMISSIONS"),
        ERROR_MESSAGE: text("Lack of permissions to invoke cross account target."),
        EXHAUSTED_RETRY_CONDITION: text("MaximumEventAgeInSeconds"),
        RETRY_ATTEMPTS: text("185"),
      },
    }),
  );
  await run.runEvents.until((each) => happened("delivered")(each) && nameIn(String(each.eventId)) === id);
  expect(destination.requests.map(({ headers }) => nameIn(String(headers["idempotency-key"])))).toEqual([id]);
});

test("an event of nearly 1 MB is delivered, byte for byte", async () => {
  const big = JSON.stringify({ eventBody: { conversationId: "c-1", transcript: "ü".repeat(500_000) } });
  const { Entries: entries } = await putPartnerEvents(run, [
    { Source: SOURCE, DetailType: TYPE, Detail: big },
  ]);
  const id = entries[0]?.EventId;
  await run.runEvents.until((each) => happened("delivered")(each) && nameIn(each.eventId ?? "") === id);
  expect(destination.requests[0]?.body.toString()).toContain(`"detail":${big}`);
});

test("one that neither queue takes sets off the alarm, which clears by itself", async () => {
  const detailOf = (bytes: number) => `{"x":"${"x".repeat(bytes)}"}`;
  await putPartnerEvents(run, [{ Source: SOURCE, DetailType: TYPE, Detail: detailOf(1_048_570) }]);
  const told = (inAlarm: boolean) => (each: RunEvent) =>
    each.kind === "alarm" && each.name.endsWith("-eventbridge-failing") && each.inAlarm === inAlarm;
  await run.runEvents.until(told(true));
  await run.runEvents.until(told(false));
});
