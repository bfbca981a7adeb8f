import type { RequestListener } from "node:http";
import { jsonService } from "../cloud/json-service.ts";
import { Refusal } from "../cloud/refusal.ts";
import type { Alarm } from "./alarm.ts";

/**
 * CloudWatch's API, as far as an operator asks it: `DescribeAlarms`, by name or by how names begin.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
 */
export function cloudWatchApi(alarms: readonly Alarm[], region: string, account: string): RequestListener {
  return jsonService("GraniteServiceVersion20100801", (action, input) => {
    if (action !== "DescribeAlarms") {
      throw new Refusal("UnknownOperationException", `The local run does not know ${action}.`);
    }
    const { AlarmNames: names, AlarmNamePrefix: prefix = "", StateValue: wanted } = input;
    const asked = alarms
      .filter(({ model }) => model.name.startsWith(String(prefix)))
      .filter(({ model }) => !Array.isArray(names) || names.includes(model.name))
      .filter(({ state }) => wanted === undefined || wanted === state);
    return Promise.resolve({
      MetricAlarms: asked.map(({ model, state }) => ({
        AlarmName: model.name,
        AlarmArn: `arn:aws:cloudwatch:${region}:${account}:alarm:${model.name}`,
        AlarmDescription: model.description,
        StateValue: state,
        Threshold: model.threshold,
        EvaluationPeriods: model.evaluationPeriods,
        DatapointsToAlarm: model.datapointsToAlarm,
        Period: model.periodSeconds,
      })),
      CompositeAlarms: [],
    });
  });
}
