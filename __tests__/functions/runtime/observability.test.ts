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
