import { GetDashboardCommand } from "@aws-sdk/client-cloudwatch";
import type { AskedResource, AskedStack } from "../asked.ts";
import type { Cloud } from "../cloud.ts";
import { compare, type Finding, parsed } from "../finding.ts";

/** Every dashboard, widget by widget. */
export async function checkDashboards(asked: AskedStack, { cloudWatch }: Cloud): Promise<Finding[]> {
  const dashboards = asked.ofType("aws_cloudwatch_dashboard");
  const findings = await Promise.all(
    dashboards.map(async (it) => {
      const name = String(it.attributes["dashboard_name"]);
      const found = await cloudWatch.send(new GetDashboardCommand({ DashboardName: name }));
      return compareDashboard(it, found.DashboardBody);
    }),
  );
  return findings.flat();
}

export function compareDashboard(
  { address, attributes }: AskedResource,
  found: string | undefined,
): Finding[] {
  return compare(address, { body: [parsed(attributes["dashboard_body"]), parsed(found)] });
}
