import fc from "fast-check";
import { Alarm } from "../../../local/alarms/alarm.ts";
import { countedMetrics } from "../../../local/alarms/counted-lines.ts";
import { emittedMetrics } from "../../../local/alarms/emf.ts";
import { MetricStore } from "../../../local/alarms/metric-store.ts";
import { readMetricMath } from "../../../local/stack/metric-math.ts";
import type { AlarmModel } from "../../../local/stack/model.ts";
import { isStatistic, statisticOf } from "../../../local/stack/statistics.ts";

const name = { namespace: "n", metric: "m", dimensions: { b: "2", a: "1" } };
const SECOND = 1_000;
const PERIOD = 60 * SECOND;
const START = 1_000_000;

function alarm(given: Partial<AlarmModel> = {}) {
  const metrics = new MetricStore(5 * PERIOD);
  const model: AlarmModel = {
    address: "aws_cloudwatch_metric_alarm.x",
    name: "x",
    description: "",
    threshold: 10,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    missing: "notBreaching",
    periodSeconds: 60,
    queries: { metric: { ...name, stat: "Maximum" } },
    math: readMetricMath("metric", ["metric"]),
    ...given,
  };
  return { metrics, alarm: new Alarm(model, metrics, { periodMilliseconds: PERIOD, startedAt: START }) };
}

test("goes off at its threshold, not below, and clears when the period has passed", () => {
  const { alarm: it, metrics } = alarm();
  metrics.add(name, 9.9, START + 1);
  expect([it.evaluate(START + 2), it.state]).toEqual([false, "OK"]);
  metrics.add({ ...name, dimensions: { a: "1", b: "2" } }, 10, START + 3);
  expect([it.evaluate(START + 4), it.state]).toEqual([true, "ALARM"]);
  expect([it.evaluate(START + 5), it.state]).toEqual([false, "ALARM"]);
  expect([it.evaluate(START + PERIOD + 4), it.state]).toEqual([true, "OK"]);
});

test("wants so many minutes of so many", () => {
  const { alarm: it, metrics } = alarm({ evaluationPeriods: 3, datapointsToAlarm: 2 });
  metrics.add(name, 10, START + 1);
  expect([it.evaluate(START + 2), it.state]).toEqual([false, "OK"]);
  metrics.add(name, 10, START + 2 * PERIOD + 1);
  expect([it.evaluate(START + 2 * PERIOD + 2), it.state]).toEqual([true, "ALARM"]);
  expect([it.evaluate(START + 3 * PERIOD + 2), it.state]).toEqual([true, "OK"]);
});

test("silence goes off where it breaches, but what was before the run is no silence", () => {
  const { alarm: it, metrics } = alarm({ missing: "breaching", evaluationPeriods: 2, datapointsToAlarm: 2 });
  expect([it.evaluate(START + 1), it.state]).toEqual([false, "OK"]);
  metrics.add(name, 0, START + 2);
  expect([it.evaluate(START + 2 * PERIOD + 1), it.state]).toEqual([false, "OK"]);
  expect([it.evaluate(START + 3 * PERIOD + 1), it.state]).toEqual([true, "ALARM"]);
});

test("another metric, and other dimensions, are not its own", () => {
  const { alarm: it, metrics } = alarm();
  for (const other of [
    { ...name, metric: "o" },
    { ...name, dimensions: { a: "1" } },
    { ...name, namespace: "o" },
  ]) {
    metrics.add(other, 99, START + 1);
  }
  it.evaluate(START + 2);
  expect(it.state).toBe("OK");
});

test("statistics are what their names say", () => {
  const values = [5, 1, 4, 2, 3];
  const of = (stat: string) => statisticOf(values, stat);
  expect([of("Sum"), of("Maximum"), of("Minimum"), of("Average"), of("SampleCount")]).toEqual([
    15, 5, 1, 3, 5,
  ]);
  expect([of("p0"), of("p50"), of("p80"), of("p81"), of("p99")]).toEqual([1, 3, 4, 5, 5]);
  expect(statisticOf([], "Sum")).toBeUndefined();
  expect(["Sum", "p99", "p99.9", "p100", "tm99", "sum"].map(isStatistic)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
  fc.assert(
    fc.property(
      fc.array(fc.integer(), { minLength: 1 }),
      fc.integer({ min: 0, max: 99 }),
      (all, percentile) => {
        const found = statisticOf(all, `p${percentile}`) ?? Number.NaN;
        const atMost = all.filter((each) => each <= found).length;
        expect(all).toContain(found);
        expect(atMost / all.length).toBeGreaterThanOrEqual(percentile / 100);
      },
    ),
  );
});

test("a metric filter counts lines of its message, by what their fields say", () => {
  const metric = { namespace: "N", metric: "M", dimensions: { of: "service" } };
  const filters = [
    { message: "Event accepted", metric, unit: "Count" },
    { message: "Event accepted", metric, unit: "Milliseconds", field: "duration_ms" },
  ];
  const line = { message: "Event accepted", service: "receiver", duration_ms: 7 };
  const counted = { namespace: "N", metric: "M", dimensions: { of: "receiver" } };
  expect(countedMetrics(line, filters)).toEqual([
    { ...counted, unit: "Count", values: [1] },
    { ...counted, unit: "Milliseconds", values: [7] },
  ]);
  expect(countedMetrics({ ...line, message: "Event delivered" }, filters)).toEqual([]);
  expect(countedMetrics({ message: "Event accepted" }, filters)).toEqual([
    { ...counted, dimensions: {}, unit: "Count", values: [1] },
  ]);
});

test("metrics are read from log lines as CloudWatch reads them, once for each set of dimensions", () => {
  const line = JSON.stringify({
    _aws: {
      Timestamp: 1,
      CloudWatchMetrics: [
        {
          Namespace: "N",
          Dimensions: [["service"], ["service", "reason"]],
          Metrics: [{ Name: "M", Unit: "Count" }],
        },
      ],
    },
    service: "receiver",
    reason: "size",
    M: [1, 2],
  });
  const metric = { namespace: "N", metric: "M", unit: "Count", values: [1, 2] };
  expect(emittedMetrics(line)).toEqual([
    { ...metric, dimensions: { service: "receiver" } },
    { ...metric, dimensions: { service: "receiver", reason: "size" } },
  ]);
  expect(emittedMetrics('{"_aws": nonsense')).toEqual([]);
  expect(emittedMetrics('{"message":"Event accepted"}')).toEqual([]);
});
