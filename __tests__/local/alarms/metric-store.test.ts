import { MetricStore } from "../../../local/alarms/metric-store.ts";

const name = { namespace: "N", metric: "M", dimensions: {} };
const MINUTE = 60_000;

test("however many points come, each counts: a sum over a busy minute is whole", () => {
  const store = new MetricStore(MINUTE);
  for (let point = 0; point < 50_000; point++) store.add(name, 1, 1 + point);
  expect(store.statistic(name, "Sum", 0, 50_000)).toBe(50_000);
  expect(Math.abs((store.statistic(name, "Sum", 0, 25_000) ?? 0) - 25_000)).toBeLessThanOrEqual(3);
  expect(store.statistic(name, "SampleCount", 49_997, 50_000)).toBeLessThanOrEqual(3);
});

test("points are told apart by value, and the youngest are kept", () => {
  const store = new MetricStore(MINUTE);
  for (let point = 0; point < 100_000; point++) store.add(name, point, point);
  expect(store.statistic(name, "Maximum", 0, 100_000)).toBe(99_999);
  expect(store.statistic(name, "Minimum", 0, 100_000)).toBeGreaterThan(78_000);
  expect(store.statistic(name, "p50", 99_989, 100_000)).toBe(99_994);
});

test("what is older than any alarm looks back is forgotten", () => {
  const store = new MetricStore(MINUTE);
  store.add(name, 7, 0);
  for (let point = 0; point < 2_000; point++) store.add(name, point % 2, 2 * MINUTE + point);
  expect(store.statistic(name, "Maximum", -1, 3 * MINUTE)).toBe(1);
});
