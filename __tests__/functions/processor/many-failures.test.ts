import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { bucketOf, tallyAttribute } from "../../../contract/evidence.ts";
import { stateItems } from "../../../contract/state-items.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import { envelopeFor } from "../../support/envelopes.ts";
import { processorBench, receivedAgain, timeLeft } from "../../support/processor.ts";

/** SQS has at most 120,000 messages in flight, and a message that is hidden for its back-off is in flight. */

const bench = processorBench();
const logs = capturedLogs();

const inFlightIsScarce = 20_000;

/** So many attempts have failed in this quarter of an hour; the event's own type succeeds as a rule. */
async function haveFailed(count: number): Promise<void> {
  await bench.othersSucceed();
  const bucket = bucketOf(Date.now());
  await bench.state.client.send(
    new UpdateItemCommand({
      TableName: bench.state.table,
      Key: { id: { S: stateItems.breaker } },
      UpdateExpression: "SET #failed = :failed, #succeeded = :succeeded",
      ExpressionAttributeNames: {
        "#failed": tallyAttribute(bucket, "failed", "bulk"),
        "#succeeded": tallyAttribute(bucket, "succeeded", "conversation:ended"),
      },
      ExpressionAttributeValues: { ":failed": { N: String(count) }, ":succeeded": { N: "1000" } },
    }),
  );
}

/** Fails once more. @returns what became of it */
async function fail(count: number, attributes: Readonly<Record<string, string>>) {
  bench.destination.answer = () => ({ status: 503 });
  await bench.send(envelopeFor("{}", { id: "id" }), attributes);
  const event = receivedAgain(await bench.receive(), count);
  const breaker = { ...bench.settings.breaker, failingEvents: 100_000 };
  const { batchItemFailures } = await bench.start({ breaker })(event, timeLeft());
  const anew = bench.cloud.messages().filter((message) => message.attributes["event_id"] !== undefined);
  return {
    hidden: batchItemFailures.length,
    anew: anew.map(({ attributes: { attempts } }) => attempts),
    dead: bench.cloud.messages("dead-letter").map(({ attributes: { reason_class } }) => reason_class),
  };
}

test("while fewer fail than fit in flight, an event is hidden until its next attempt", async () => {
  await haveFailed(inFlightIsScarce - 2);
  expect(await fail(1, {})).toEqual({ hidden: 1, anew: [], dead: [] });
});

test("where as many fail, it is sent anew with its attempts, whichever receive it is", async () => {
  await haveFailed(inFlightIsScarce);
  expect(await fail(1, { attempts: "3" })).toEqual({ hidden: 0, anew: ["4"], dead: [] });
  expect(logs.logs()).toContainEqual(
    expect.objectContaining({ attempt: 4, reason: "The destination answered 503." }),
  );
});

test.each([
  ["4", "0", "exhausted"],
  ["3", "0", undefined],
  ["9", "1", "exhausted"],
  ["8", "1", undefined],
])(
  "sent anew it has no last receive: after %s attempts and %s redrives the next one makes it %s",
  async (attempts, redrives, deadLetter) => {
    await haveFailed(inFlightIsScarce);
    const { dead, anew } = await fail(1, { attempts, redrives });
    expect([dead, anew.length]).toEqual(deadLetter === undefined ? [[], 1] : [[deadLetter], 0]);
  },
);
