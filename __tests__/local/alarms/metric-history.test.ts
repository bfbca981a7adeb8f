import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { AlarmWatch } from "../../../local/alarms/alarm-watch.ts";
import { cloudWatchApi } from "../../../local/alarms/cloudwatch-api.ts";
import { MetricHistory } from "../../../local/alarms/metric-history.ts";
import { RunEvents } from "../../../local/run-events.ts";

const name = { namespace: "N", metric: "M", dimensions: { b: "2", a: "1" } };
const START = 1_800_000_000_000;
const hour = { from: START, to: START + 3_600_000 };

test("gives a value for each period that has one, by its statistic", () => {
  const history = new MetricHistory();
  for (const [after, value] of [
    [0, 1],
    [9_999, 5],
    [10_000, 2],
    [59_999, 4],
    [120_000, 7],
  ] as const) {
    history.add(name, value, START + after);
  }
  const by = (stat: string, seconds: number) =>
    history
      .values({ ...name, dimensions: { a: "1", b: "2" } }, stat, {
        ...hour,
        periodMilliseconds: seconds * 1_000,
      })
      .map(({ at, value }) => [(at - START) / 1_000, value]);
  expect(by("Sum", 60)).toEqual([
    [0, 12],
    [120, 7],
  ]);
  expect(by("Maximum", 60)).toEqual([
    [0, 5],
    [120, 7],
  ]);
  expect(by("Minimum", 60)).toEqual([
    [0, 1],
    [120, 7],
  ]);
  expect(by("Average", 60)).toEqual([
    [0, 3],
    [120, 7],
  ]);
  expect(by("SampleCount", 10)).toEqual([
    [0, 2],
    [10, 1],
    [50, 1],
    [120, 1],
  ]);
  const early = { from: START, to: START + 10_000, periodMilliseconds: 60_000 };
  expect(history.values(name, "Sum", early)).toEqual([{ at: START, value: 6 }]);
  expect(history.values({ ...name, metric: "other" }, "Sum", early)).toEqual([]);
});

test("keeps an hour, however much has happened", () => {
  const history = new MetricHistory();
  for (let second = 0; second < 7_200; second++) history.add(name, 1, START + second * 1_000);
  const all = { from: 0, to: START + 7_200_000, periodMilliseconds: 10_000 };
  const values = history.values(name, "Sum", all);
  expect([values.length, values[0]?.at]).toEqual([360, START + 3_600_000]);
});

test("GetMetricStatistics answers as CloudWatch does", async () => {
  const stack = { alarms: [], countedAnswers: [] };
  const watch = new AlarmWatch({ stack, queues: () => [], runEvents: new RunEvents() });
  const server = createServer(cloudWatchApi(watch, { region: "eu-west-1", account: "000000000000" }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = new CloudWatchClient({
    region: "eu-west-1",
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: "any", secretAccessKey: "any" },
  });
  watch.emitted({ ...name, unit: "Count", values: [1, 2] });
  const ask = (stat: "Sum" | "Maximum", MetricName = "M") =>
    client.send(
      new GetMetricStatisticsCommand({
        Namespace: "N",
        MetricName,
        Dimensions: [
          { Name: "a", Value: "1" },
          { Name: "b", Value: "2" },
        ],
        StartTime: new Date(Date.now() - 120_000),
        EndTime: new Date(Date.now() + 60_000),
        Period: 60,
        Statistics: [stat],
      }),
    );
  const { Datapoints: points = [] } = await ask("Sum");
  expect(points.map(({ Sum }) => Sum)).toEqual([3]);
  expect(Date.now() - Number(points[0]?.Timestamp)).toBeLessThan(120_000);
  expect((await ask("Maximum")).Datapoints).toMatchObject([{ Maximum: 2 }]);
  expect((await ask("Sum", "nothing")).Datapoints).toEqual([]);
  await expect(ask("p99" as "Sum")).rejects.toThrow(/of Sum, /);
  client.destroy();
  watch.stop();
  await new Promise((resolve) => server.close(resolve));
});
