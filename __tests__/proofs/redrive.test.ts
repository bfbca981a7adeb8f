import type { Message } from "@aws-sdk/client-sqs";
import { toAttributes } from "../../contract/event/dead-letter.ts";
import { deleteMessages, receiveMessages, sendMessages } from "../../contract/queue-batch.ts";
import { flood, floodInput, manyEvents } from "../support/flood.ts";
import { keepLedger, textOf } from "../support/ledger.ts";
import { proof } from "../support/proof.ts";
import { all, depth, drained } from "../support/watch.ts";

const given = proof(floodInput);

const urlOf = (ending: string) => given.run.stack.queues.find(({ name }) => name.endsWith(ending))?.url ?? "";
const redriven = () =>
  all(given.run, "recovered").reduce((sum, { fields }) => sum + Number(fields["redriven"]), 0);

/** As an earlier version's outage left them: one attempt each, and exhausted. Whoever deploys this one finds them. */
async function moveToDeadLetterQueue(count: number): Promise<void> {
  const { sqs } = given.run.cloud;
  const messages: Message[] = [];
  // All of them first: what is on the dead-letter queue goes back within a second.
  while (messages.length < count)
    messages.push(...(await receiveMessages(sqs, urlOf("test-queue"), { hideSeconds: 60 })));
  const attributes = toAttributes({
    class: "exhausted",
    status: 503,
    message: "The destination answered 503.",
    attempts: 1,
    redrives: 0,
  });
  const letters = messages.map(({ Body: body = "" }) => ({ body, attributes }));
  const outcomes = await sendMessages(sqs, urlOf("dead-letter-queue"), letters);
  expect(outcomes).toEqual(letters.map(() => ({ kind: "sent" })));
  const handles = messages.map(({ ReceiptHandle = "" }) => ReceiptHandle);
  await deleteMessages(sqs, urlOf("test-queue"), handles);
}

test("a dead-letter queue full of what an outage exhausted: recovery redrives it by itself, and all are delivered", async () => {
  const { run, destination } = given;
  const events = manyEvents(150);
  const ledger = keepLedger(destination);
  await Promise.all(run.mappings.map((mapping) => mapping.disable()));
  await flood(run, events);
  await moveToDeadLetterQueue(events.length);
  for (const mapping of run.mappings) mapping.enable();

  await ledger.keys(events.length);
  await drained(run);

  expect(ledger.bodies()).toEqual(events.map(textOf).sort());
  expect(await depth(run, "dead-letter-queue")).toBe(0);
  await run.runEvents.until(() => redriven() === events.length); // the last run has told
  expect(all(run, "breakerOpened")).toEqual([]);
  // The first attempt was an earlier life's.
  expect(ledger.lowestAttempt()).toBeGreaterThanOrEqual(2);
});
