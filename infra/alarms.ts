import { deadLetterAlarms } from "./alarms/dead-letters.ts";
import { type AlarmDefinition, alarmContext } from "./alarms/definition.ts";
import { partAlarms } from "./alarms/parts.ts";
import { senderAlarms } from "./alarms/senders.ts";
import { waitingAlarms } from "./alarms/waiting.ts";
import type { Metrics } from "./metrics.ts";
import type { EnvironmentSettings } from "./settings.ts";

/**
 * When somebody is woken. Each way of waiting or losing has an alarm, and each cause one mail: where two would see
 * the same, the one that knows less is quiet. Which is which: docs/operate.md.
 */
export function alarmDefinitions(
  environment: string,
  settings: EnvironmentSettings,
  metrics: Metrics,
): readonly AlarmDefinition[] {
  const context = alarmContext(environment, settings, metrics);
  return [waitingAlarms, deadLetterAlarms, senderAlarms, partAlarms].flatMap((alarms) => alarms(context));
}
