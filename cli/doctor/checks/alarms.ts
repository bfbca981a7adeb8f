import { paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import { readAlarmText } from "../../../contract/alarm-text.ts";
import { counted } from "../../counted.ts";
import type { Check } from "../check.ts";
import { type CheckResult, resultsOf } from "../check-result.ts";
import { commandHere, remedyIn } from "../words.ts";

const { ok, failure, warning } = resultsOf("alarms");

/** Which alarms are in ALARM, and whether they would notify anybody. */
export const alarms: Check = {
  name: "alarms",
  async run({ environment }) {
    const { clients, outputs } = environment;
    const client = await clients.cloudwatch();
    const pages = paginateDescribeAlarms({ client }, { AlarmNamePrefix: `${outputs.namePrefix}-` });
    const findings: CheckResult[] = [];
    let quiet = 0;
    let silenced = 0;
    for await (const { MetricAlarms: found = [] } of pages) {
      for (const {
        AlarmName: name = "",
        AlarmDescription: text = "",
        StateValue: state,
        ActionsEnabled,
      } of found) {
        if (ActionsEnabled === false) silenced++;
        if (state !== "ALARM") {
          quiet++;
          continue;
        }
        const { happened, runFirst } = readAlarmText(text) ?? { happened: text, runFirst: "" };
        findings.push(
          failure(
            `${name} is in ALARM. ${happened}`,
            runFirst === ""
              ? remedyIn(environment, "Look at it in CloudWatch.", "Look at what npm start prints.")
              : `Run first: ${commandHere(environment, runFirst)}`,
          ),
        );
      }
    }
    if (silenced > 0) {
      findings.push(
        warning(
          `${counted(silenced, "alarm")} would tell nobody: somebody has switched the actions off.`,
          remedyIn(
            environment,
            `aws cloudwatch enable-alarm-actions --alarm-names …; the names begin with ${outputs.namePrefix}-.`,
          ),
        ),
      );
    }
    if (findings.length > 0) return findings;
    if (quiet === 0) {
      return [
        warning(
          `There are no alarms whose names begin with ${outputs.namePrefix}-.`,
          remedyIn(environment, "Deploy this version of the stack."),
        ),
      ];
    }
    return [ok(`${counted(quiet, "alarm")}, none in ALARM`)];
  },
};
