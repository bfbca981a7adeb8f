import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js";
import { Construct } from "constructs";
import { dashboardBody } from "../dashboard.ts";
import { jsonDocument } from "../json.ts";
import type { Metrics } from "../metrics.ts";
import type { Names } from "../names.ts";
import type { EnvironmentSettings } from "../settings.ts";

/** One page of an environment: what comes in, waits, goes out, fails and costs. */
export class Dashboard extends Construct {
  constructor(
    scope: Construct,
    id: string,
    names: Names,
    { region }: EnvironmentSettings,
    metrics: Metrics,
    alarmArns: readonly string[],
  ) {
    super(scope, id);
    new CloudwatchDashboard(this, "Default", {
      dashboardName: names.dashboard,
      dashboardBody: jsonDocument(dashboardBody(metrics, region, alarmArns)),
    });
  }
}
