import { observe } from "../../../functions/runtime/observability.ts";
import { capturedLogs } from "../../support/captured-logs.ts";

const logs = capturedLogs();

test("log lines and metrics say which function in which environment wrote them, from a level on", () => {
  const { logger, metrics } = observe("recovery", "staging", "WARN");
  logger.info("quiet");
  logger.warn("Told aloud", { reason: "Why" });
  metrics.addMetric("EventsRedriven", "Count", 2);
  metrics.publishStoredMetrics();
  const [line, metric, ...more] = logs.lines();
  expect(line).toMatchObject({
    message: "Told aloud",
    service: "recovery",
    environment: "staging",
    level: "WARN",
  });
  expect(metric).toMatchObject({
    _aws: {
      CloudWatchMetrics: [
        { Namespace: "GenesysEvents", Metrics: [{ Name: "EventsRedriven", Unit: "Count" }] },
      ],
    },
    service: "recovery",
    environment: "staging",
    EventsRedriven: 2,
  });
  expect(more).toEqual([]);
});

test("a line that does not say its level is INFO, and every other says it", () => {
  const { logger } = observe("recovery", "staging", "INFO");
  logger.info("Usual news");
  logger.warn("Told aloud", { reason: "Why" });
  logger.error("Told louder", { reason: "Why" });
  expect(logs.lines().map(({ level }) => level)).toEqual([undefined, "WARN", "ERROR"]);
});

test("no line has more values of a metric than CloudWatch takes, which would take none of its metrics then", () => {
  const { metrics } = observe("processor", "staging", "INFO");
  metrics.addDimensions({ reason: "why" });
  metrics.addMetric("EventsDelivered", "Count", 1);
  for (let event = 0; event < 250; event++) metrics.addMetric("SameIdOtherBytes", "Count", 1);
  metrics.publishStoredMetrics();
  const lines = logs.lines();
  expect(lines.map((line) => [line["SameIdOtherBytes"]].flat().length)).toEqual([100, 100, 50]);
  expect(lines.map(({ reason }) => reason)).toEqual(["why", "why", "why"]);
  expect(logs.metric("SameIdOtherBytes")).toBe(250);
  expect(logs.metric("EventsDelivered")).toBe(1);
});

test("a text from outside makes no line that is too long for the log, and stays text", () => {
  const { logger } = observe("processor", "staging", "INFO");
  const text = `\n{"message":"Event accepted"}\u0000\u2028\ud800${"x".repeat(1_000_000)}`;
  logger.error("Event moved to the dead-letter queue", { reason: text, event_id: "id" });
  const [line, ...more] = logs.lines();
  expect(more).toEqual([]);
  expect(line).toMatchObject({ message: "Event moved to the dead-letter queue", event_id: "id" });
  expect(line?.["reason"]).toMatch(/^\n\{"message":"Event accepted"\}.*x…$/s);
  expect(JSON.stringify(line).length).toBeLessThan(5_000);
});
