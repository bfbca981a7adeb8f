import { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { CheckResult } from "../../../cli/doctor/check-result.ts";
import { runInProcess } from "../../support/in-process.ts";
import { localRun } from "../../support/local-bench.ts";

// Recovery does not run meanwhile: it would look at the dead letter, too.
const bench = localRun({ alarmPeriodSeconds: 1, scheduleEverySeconds: 3_600 });
const { run } = bench;

test("a dead letter is told with what to do, and so is the alarm for it", async () => {
  const { dead_letter_queue_url: dead } = run.stack.outputs as Record<string, string>;
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

  const { code, stdout } = await runInProcess(["doctor", "--data", bench.data, "--json"]);
  expect(code).toBe(1);
  const { findings: found } = JSON.parse(stdout) as { findings: CheckResult[] };
  expect(found).toContainEqual({
    check: "dead letters",
    state: "warning",
    found: expect.stringMatching(/^1 message waiting, 0 in flight/),
    remedy: expect.stringMatching(/npm run genesys-dlq -- dlq stats --data \S+$/),
  });
  expect(found).toContainEqual({
    check: "alarms",
    state: "failure",
    found: expect.stringMatching(
      /^genesys-events-test-dead-letters is in ALARM\. There are dead letters, on their queue or parked,/,
    ),
    remedy: `Run first: npm run genesys-dlq -- dlq stats --data ${bench.data}`,
  });
});
