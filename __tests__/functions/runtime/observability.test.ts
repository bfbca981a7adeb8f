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
