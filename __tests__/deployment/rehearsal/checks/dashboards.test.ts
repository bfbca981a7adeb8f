import { compareDashboard } from "../../../../deployment/rehearsal/checks/dashboards.ts";
import { different, only } from "../../../support/asked.ts";

test("a dashboard is as asked where its widgets are, however its JSON is spaced", () => {
  const asked = only("aws_cloudwatch_dashboard", { dashboard_body: '{"widgets":[{"x":1,"y":2}]}' });
  expect(different(compareDashboard(asked, '{ "widgets": [{ "y": 2, "x": 1 }] }'))).toEqual([]);
  expect(different(compareDashboard(asked, '{"widgets":[{"x":1,"y":3}]}'))).toEqual(["body"]);
  expect(different(compareDashboard(asked, undefined))).toEqual(["body"]);
});
