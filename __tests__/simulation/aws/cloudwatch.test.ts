import { MetricStore } from "../../../local/alarms/metric-store.ts";
import type { AlarmModel } from "../../../local/stack/model.ts";
import { CloudWatch } from "../../../simulation/aws/cloudwatch.ts";
import { ModelError } from "../../../simulation/aws/errors.ts";
import { MINUTE, SECOND, Simulated } from "../../support/simulated.ts";

let world: Simulated;
beforeEach(() => {
  world = new Simulated();
});

const name = { namespace: "AWS/SQS", metric: "Visible", dimensions: { QueueName: "dead" } };
const alarm: AlarmModel = {
  address: "aws_cloudwatch_metric_alarm.dead",
  name: "dead-letters",
  description: "",
  threshold: 3,
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  missing: "notBreaching",
  periodSeconds: 60,
  queries: { m: { ...name, stat: "Maximum" } },
  math: ({ m }) => m,
};

/** Evaluates each minute; `values` are those of each minute, nothing for none. */
async function states(values: (number | undefined)[], more: Partial<AlarmModel> = {}): Promise<string[]> {
  const cloudWatch = new CloudWatch(world.clock, world.trace, [{ ...alarm, ...more }]);
  const found: string[] = [];
  for (const value of values) {
    if (value !== undefined) cloudWatch.add(name, value);
    await world.pass(MINUTE);
    cloudWatch.evaluate();
    found.push(cloudWatch.alarms[0]?.state ?? "");
    expect(cloudWatch.inAlarm()).toEqual(found.at(-1) === "ALARM" ? ["dead-letters"] : []);
  }
  return found;
}

test.each<[string, (number | undefined)[], Partial<AlarmModel>, string[]]>([
  ["at the threshold, and not below it", [2.9, 3, 3], {}, ["OK", "OK", "ALARM"]],
  ["two minutes of three are enough", [3, 0, 3, 0, 0], {}, ["OK", "OK", "ALARM", "OK", "OK"]],
  ["missing is well", [3, undefined, 3, undefined, undefined], {}, ["OK", "OK", "ALARM", "OK", "OK"]],
  [
    "missing is bad",
    [0, undefined, undefined],
    { missing: "breaching", datapointsToAlarm: 2 },
    ["OK", "OK", "ALARM"],
  ],
])("an alarm: %s", async (_, values, more, expected) => {
  expect(await states(values, more)).toEqual(expected);
});

test("tells a change once, with its time", async () => {
  await states([3, 3, 3, 0, 0]);
  expect(world.lines).toEqual([
    "0d 00:02:00.000 alarm dead-letters ALARM",
    "0d 00:05:00.000 alarm dead-letters OK",
  ]);
});

test("statistics are the local run's, over whole minutes", async () => {
  const cloudWatch = new CloudWatch(world.clock, world.trace, []);
  const store = new MetricStore(60 * MINUTE);
  const started = world.clock.now;
  for (let i = 0; i < 300; i++) {
    await world.pass(1.1 * SECOND);
    const value = (i * 37) % 101;
    cloudWatch.add(name, value);
    store.add(name, value, world.clock.now);
  }
  for (const stat of ["Sum", "SampleCount", "Average", "Maximum", "Minimum", "p50", "p99"])
    for (const [from, to] of [
      [0, 1],
      [1, 2],
      [0, 5],
    ] as const) {
      const [start, end] = [started + from * MINUTE, started + to * MINUTE];
      // A minute of CloudWatch's begins with its first moment, a time of the local run's after it.
      const local = store.statistic(name, stat, start - 1e-6, end - 1e-6);
      expect([stat, from, cloudWatch.statistic(name, stat, start, end)]).toEqual([stat, from, local]);
    }
});

test("a metric is told apart by its dimensions, in whatever order, and an unknown one has no value", () => {
  const cloudWatch = new CloudWatch(world.clock, world.trace, []);
  const { now } = world.clock;
  cloudWatch.add({ ...name, dimensions: { a: "1", b: "2" } }, 7);
  const value = (dimensions: Record<string, string>) =>
    cloudWatch.statistic({ ...name, dimensions }, "Sum", now, now + MINUTE);
  expect([value({ b: "2", a: "1" }), value({ a: "1" }), value({ a: "2", b: "1" })]).toEqual([
    7,
    undefined,
    undefined,
  ]);
});

test.each([
  ["of half a minute", { periodSeconds: 30 }],
  ["over more than two hours", { evaluationPeriods: 150 }],
])("an alarm %s is none that the model could evaluate", (_, more) => {
  expect(() => new CloudWatch(world.clock, world.trace, [{ ...alarm, ...more }])).toThrow(ModelError);
});
