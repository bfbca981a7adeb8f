import { Schedule } from "../../local/schedule.ts";

const model = {
  ruleName: "recovery",
  ruleArn: "arn:aws:events:eu-west-1:000000000000:rule/recovery",
  everySeconds: 60,
  functionArn: "arn:function",
};
const place = { region: "eu-west-1", account: "000000000000" };

test("invokes its function time and again, with a Scheduled Event as EventBridge writes it", async () => {
  const events: Record<string, unknown>[] = [];
  await new Promise<void>((resolve) => {
    const schedule = new Schedule(model, {
      ...place,
      everySeconds: 0.01,
      invoke: (functionArn, event) => {
        expect(functionArn).toBe("arn:function");
        events.push(event as Record<string, unknown>);
        if (events.length < 3) return;
        schedule.stop();
        resolve();
      },
    });
  });
  expect(events[0]).toEqual({
    version: "0",
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: "000000000000",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    region: "eu-west-1",
    resources: [model.ruleArn],
    detail: {},
  });
  expect(new Set(events.map(({ id }) => id)).size).toBe(3);
});

test("keeps to the rule's own rate, and leaves no timer", () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timers();
  const schedule = new Schedule(model, {
    ...place,
    invoke: () => {
      throw new Error("too early");
    },
  });
  expect(timers()).toBe(before + 1);
  schedule.stop();
  expect(timers()).toBe(before);
});
