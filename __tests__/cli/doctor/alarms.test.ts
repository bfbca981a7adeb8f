import { SendMessageCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { CheckResult } from "../../../cli/doctor/check-result.ts";
import { runInProcess } from "../../support/in-process.ts";
import { localRun } from "../../support/local-bench.ts";

const bench = localRun({ alarmPeriodSeconds: 1 });
const { run } = bench;

test("a dead letter near its end is a failure, and so is the alarm for it", async () => {
  const { queue_url: main, dead_letter_queue_url: dead } = run.stack.outputs as Record<string, string>;
  const keepFor = (url: string | undefined, seconds: number) =>
    run.cloud.sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: url,
        Attributes: { MessageRetentionPeriod: String(seconds) },
      }),
    );
  // Half of what is left after the main queue's whole retention is over at once; SQS itself takes an hour.
  await keepFor(main, 3_600);
  await keepFor(dead, 3_601);
  const alarm = run.runEvents.until(
    (each) => each.kind === "alarm" && each.name.endsWith("-dead-letters") && each.inAlarm,
  );
  await run.cloud.sqs.send(
    new SendMessageCommand({
      QueueUrl: dead,
      MessageBody: "an event",
      MessageAttributes: { class: { DataType: "String", StringValue: "permanent" } },
    }),
  );
  await alarm;

  let found: CheckResult[];
  do {
    const { code, stdout } = await runInProcess(["doctor", "--data", bench.data, "--json"]);
    expect(code).toBe(1);
    found = (JSON.parse(stdout) as { findings: CheckResult[] }).findings;
    // Its age is told in whole seconds, and begins with 0.
  } while (!found.some(({ check, state }) => check === "dead letters" && state === "failure"));
  expect(found).toContainEqual({
    check: "dead letters",
    state: "failure",
    found: expect.stringMatching(
      /^1 message waiting, 0 in flight, the oldest for \d+ s: SQS deletes them after 60 min/,
    ),
    remedy: expect.stringMatching(/npm run genesys-dlq -- dlq stats --local$/),
  });
  expect(found).toContainEqual({
    check: "alarms",
    state: "failure",
    found: expect.stringMatching(
      /^genesys-events-test-dead-letters is in ALARM\. Events lie in the dead-letter queue\. Each could/,
    ),
    remedy: "Run first: npm run genesys-dlq -- dlq stats --environment test",
  });
});
