import { isDeepStrictEqual } from "node:util";
import { isEmpty, isObject, type PlannedResource, type Values } from "../../terraform/plan-json.ts";
import { type AttributeChange, compareAttributes } from "./attributes.ts";
import type { Names } from "./names.ts";

/** What a new resource is called and described as; its address says as much. */
const LEFT_OUT: readonly string[] = [
  "//",
  "depends_on",
  "lifecycle",
  "provider",
  "name",
  "name_prefix",
  "bucket_prefix",
  "description",
  "tags",
  "tags_all",
  "filename",
  "source_code_hash",
  "value_wo",
  "alarm_name",
  "alarm_description",
  "dashboard_body",
];

/** And what says nothing about whom it lets in, what it keeps or what it loses. */
const LEFT_OUT_OF: Readonly<Record<string, readonly string[]>> = {
  aws_cloudwatch_metric_alarm: [
    "metric_query",
    "dimensions",
    "namespace",
    "metric_name",
    "statistic",
    "extended_statistic",
    "period",
    "evaluation_periods",
    "datapoints_to_alarm",
    "comparison_operator",
    "ok_actions",
  ],
  aws_apigatewayv2_api: ["cors_configuration"],
  aws_apigatewayv2_stage: ["access_log_settings"],
  aws_lambda_function: ["function_name", "architectures", "handler", "memory_size"],
};

/** What matters even where the stack does not say it: whom it lets in. */
const ALWAYS: readonly string[] = ["authorization_type", "principal", "acl", "publicly_accessible"];

/** What is worth seeing of a resource that a plan makes: what the stack asks for. Policies are told as statements. */
export function createdAttributes(resource: PlannedResource, names: Names): AttributeChange[] {
  const { address, change } = resource;
  const asked = names.synthesised(address) ?? (isObject(change.after) ? change.after : {});
  const leftOut = [...LEFT_OUT, ...(LEFT_OUT_OF[resource.type] ?? [])];
  const wanted = [...new Set([...Object.keys(asked), ...ALWAYS])].filter((name) => !leftOut.includes(name));
  return compareAttributes(
    {
      before: undefined,
      after: pick(change.after, wanted),
      hidden: [change.after_sensitive],
      unknown: pick(change.after_unknown, wanted),
      synthesised: asked,
    },
    names,
  ).filter(({ after }) => !isEmpty(after) && !isDeepStrictEqual(after, "false"));
}

function pick(values: unknown, names: readonly string[]): Values {
  if (!isObject(values)) return {};
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
}
