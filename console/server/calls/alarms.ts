import { paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import type { Environment } from "../../../cli/environment/environment.ts";
import { readAlarmText, toLocalCommand } from "../../../contract/alarm-text.ts";
import { defined } from "../../../contract/defined.ts";
import type { AlarmInfo } from "../../api.ts";

/** The environment's alarms, those in ALARM first. @throws what CloudWatch throws */
export async function readAlarms({ kind, clients, outputs }: Environment): Promise<AlarmInfo[]> {
  const client = await clients.cloudwatch();
  const prefix = `${outputs.namePrefix}-`;
  const alarms: AlarmInfo[] = [];
  for await (const page of paginateDescribeAlarms({ client }, { AlarmNamePrefix: prefix })) {
    for (const alarm of page.MetricAlarms ?? []) {
      const { AlarmName: name = "", AlarmDescription: text = "", StateValue: state } = alarm;
      const { happened, runFirst } = readAlarmText(text) ?? { happened: text, runFirst: "" };
      alarms.push({
        name: name.slice(prefix.length),
        state: state ?? "INSUFFICIENT_DATA",
        ...defined({ since: alarm.StateTransitionedTimestamp?.toISOString() }),
        happened,
        runFirst: kind === "local" ? toLocalCommand(runFirst) : runFirst,
        silenced: alarm.ActionsEnabled === false,
      });
    }
  }
  return alarms.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

function rank({ state }: AlarmInfo): number {
  return ["ALARM", "INSUFFICIENT_DATA", "OK"].indexOf(state);
}
