import { forecast } from "../../../contract/forecast/forecast.ts";
import type { Question } from "../../../contract/forecast/outlook.ts";
import {
  type ForecastPath,
  forecastPaths,
  forecastSettingsOf,
  limitOfPath,
  withSettings,
} from "../../../contract/forecast/settings.ts";
import { forecastSvg } from "../../../contract/forecast/svg.ts";
import { goneIn } from "../../../contract/forecast/trend.ts";
import { environmentSchema } from "../../../contract/settings/environment.ts";
import { environments } from "../../../infra/environments.ts";
import { limits } from "../../../infra/limits.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;

function ask(
  question: Partial<Omit<Question, "settings">> = {},
  settings: Partial<Record<ForecastPath, number>> = {},
) {
  return forecast({
    settings: withSettings(settings),
    ratePerSecond: 10,
    outageSeconds: HOUR,
    destination: { latencySeconds: 0.1 },
    eventBytes: 4_000,
    refusedShare: 0,
    ...question,
  });
}

const names = ({ limits }: ReturnType<typeof ask>) => limits.map(({ name }) => name);

test("each setting that a forecast depends on is one that a team can set, under that path and with that limit", () => {
  for (const path of forecastPaths) expect([path, limitOfPath(path)]).toEqual([path, limits[path]]);
});

test("what is set for an environment is what is forecast", () => {
  const settings = forecastSettingsOf(environmentSchema.parse(environments.production));
  expect(settings["processor.maximumConcurrency"]).toBe(50);
  expect(settings["processor.deliveriesPerSecond"]).toBeUndefined();
});

test("an outage: all that came waits, none of it is a dead letter, and all is delivered", () => {
  const { outlook, deadLetters, limits } = ask();
  expect(outlook.backlog).toBeCloseTo(10 * (HOUR + outlook.wait.typicalSeconds), 6);
  expect(outlook.parked).toBe(0);
  expect(deadLetters).toBe(0);
  expect(outlook.longestWaitSeconds).toBeCloseTo(HOUR + (outlook.recoverySeconds ?? 0), 6);
  expect(limits.map(({ effect }) => effect)).toEqual(["told"]);
});

test("what the destination turns down for itself becomes a dead letter", () => {
  expect(ask({ refusedShare: 0.05 }).deadLetters).toBe(Math.round(0.05 * ask().outlook.backlog));
});

test("more than is delivered: the backlog is never gone, and what would drain it is named", () => {
  const told = ask({ ratePerSecond: 500, destination: { latencySeconds: 1 } });
  expect(told.outlook).not.toHaveProperty("drainSeconds");
  expect(names(told)).toContain("processor.maximumConcurrency");
  const { advice } = told;
  expect(advice).toMatchObject({ setting: "processor.maximumConcurrency", from: 10, effect: "drains" });
  const helped = ask(
    { ratePerSecond: 500, destination: { latencySeconds: 1 } },
    { "processor.maximumConcurrency": advice?.to ?? 0 },
  );
  expect(helped.outlook.recoverySeconds).toBe(advice?.recoverySeconds.after);
});

test("nothing else helps a destination that answers too late but its timeout", () => {
  const { advice, outlook } = ask(
    { destination: { latencySeconds: 3 } },
    { "destination.timeoutSeconds": 2 },
  );
  expect(outlook.flow.capacity).toMatchObject({ perSecond: 0, by: "timeout" });
  expect(advice).toMatchObject({ setting: "destination.timeoutSeconds", to: 6 });
});

test("more than the API takes is lost at once, and no other advice comes before that", () => {
  const told = ask({ ratePerSecond: 2_000 });
  expect(told.limits[0]).toMatchObject({ name: "throttling.ratePerSecond", at: 0, effect: "lost" });
  expect(told.advice).toMatchObject({
    setting: "throttling.ratePerSecond",
    to: 2_500,
    effect: "loses-nothing",
  });
});

test("half of a retention: what is older is parked, and only then", () => {
  expect(names(ask({ outageSeconds: 1.9 * DAY }))).not.toContain("queue.retentionSeconds");
  const { outlook, limits } = ask({ outageSeconds: 3 * DAY });
  expect(limits.find(({ name }) => name === "queue.retentionSeconds")).toMatchObject({ at: 2 * DAY });
  expect(outlook.parked).toBeCloseTo(10 * (DAY + outlook.wait.typicalSeconds), 6);
});

test("a year and more: the bucket's term is told, with the alarm before it", () => {
  const told = ask({ outageSeconds: 370 * DAY });
  expect(told.limits.filter(({ effect }) => effect === "lost")).toMatchObject([
    { name: "overflow.expirationDays", at: 365 * DAY },
  ]);
  expect(names(told)).toContain("alarm near-expiry");
  expect(told.advice).toMatchObject({ setting: "overflow.expirationDays", effect: "loses-nothing" });
});

test("a destination's own rate bounds what is delivered, and settings cannot help", () => {
  const slow = { destination: { latencySeconds: 0.1, perSecond: 12 } };
  const { outlook, advice } = ask({ ...slow, outageSeconds: DAY });
  expect(outlook.flow.capacity).toMatchObject({ perSecond: 12, by: "destination" });
  expect(outlook.drainSeconds).toBeCloseTo(outlook.backlog / 2, 6);
  expect(advice).toBeUndefined();
});

test("advice keeps to the rules between settings: a batch whose deliveries time out still fits", () => {
  const settings = {
    "processor.batchConcurrency": 10,
    "processor.deliveriesPerSecond": 5,
    "processor.maximumConcurrency": 2,
  };
  expect(ask({ ratePerSecond: 3 }, settings).advice?.setting).not.toBe("processor.maximumConcurrency");
});

test("the timeline ends with nothing that waits, or shows that it grows", () => {
  expect(ask().timeline.at(-1)).toMatchObject({ bucket: 0, oldestSeconds: 0 });
  expect(ask().timeline.at(-1)?.queue).toBeLessThan(1);
  const { timeline, outlook } = ask({ ratePerSecond: 500, destination: { latencySeconds: 1 } });
  expect(timeline.at(-1)?.queue).toBeGreaterThan(outlook.backlog);
});

test("the picture is text and shapes: labels, the outage, each limit, and nothing that runs", () => {
  const svg = forecastSvg(ask({ outageSeconds: 3 * DAY }));
  for (const words of [
    "destination down",
    "alarm breaker-open",
    "queue.retentionSeconds",
    "parked in the bucket",
  ])
    expect(svg).toContain(`>${words}</text>`);
  expect(svg).toContain("prefers-color-scheme:dark");
  expect(svg).not.toMatch(/<script|\son\w+=|NaN|undefined|href/);
});

describe("when a backlog is gone at the present rate", () => {
  const now = Date.parse("2026-11-26T12:00:00Z");
  const depths = (perMinute: number, minutesAgo = 1, count = 8) =>
    Array.from({ length: count }, (_, index) => ({
      at: now - (minutesAgo + index) * 60_000,
      waiting: 4_000 - perMinute * index,
    }));

  test.each([
    ["gone", depths(-85), (4_000 / 85) * 60],
    ["growing", depths(85), "grows"],
    ["standing still", depths(0), undefined],
    ["of too few points", depths(-85, 1, 4), undefined],
    ["of old points", depths(-85, 5), undefined],
    ["of none", [], undefined],
  ] as const)("%s", (_, points, expected) => {
    const found = goneIn(points, now);
    if (typeof expected === "number") expect(found).toBeCloseTo(expected, 6);
    else expect(found).toBe(expected);
  });
});
