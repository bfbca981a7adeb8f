import { json, type Synthesised } from "./synthesise.ts";

/** The attributes that a reviewer of a plan looks at first. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  aws_apigatewayv2_api: ["cors_configuration"],
  aws_apigatewayv2_route: ["route_key"],
  aws_apigatewayv2_stage: ["default_route_settings"],
  aws_cloudwatch_event_rule: ["schedule_expression"],
  aws_cloudwatch_log_group: ["retention_in_days"],
  aws_cloudwatch_metric_alarm: ["threshold", "treat_missing_data"],
  aws_dynamodb_table: ["billing_mode", "deletion_protection_enabled", "lifecycle"],
  aws_lambda_event_source_mapping: ["batch_size", "maximum_batching_window_in_seconds", "scaling_config"],
  aws_lambda_function: ["runtime", "architectures", "timeout", "memory_size"],
  aws_s3_bucket: ["force_destroy", "lifecycle"],
  aws_sqs_queue: ["message_retention_seconds", "visibility_timeout_seconds", "max_message_size", "lifecycle"],
  aws_sqs_queue_redrive_policy: ["redrive_policy"],
  aws_ssm_parameter: ["name", "lifecycle"],
};

/** A stack on one page: every address, and the attributes that matter. */
export function summary(stack: Synthesised): string {
  const types = Object.keys(stack.json["resource"] as object).sort();
  const lines = types.flatMap((type) =>
    Object.entries(stack.resources(type)).map(([id, resource]) => {
      const shown = (SHOWN[type] ?? [])
        .filter((name) => resource[name] !== undefined)
        .map((name) => `${name}=${JSON.stringify(plain(resource[name]))}`);
      return [`${type}.${id}`, ...shown].join(" ");
    }),
  );
  return `${lines.length} resources\n${lines.join("\n")}`;
}

/** A JSON document as what it says. */
function plain(value: unknown): unknown {
  return typeof value === "string" && value.includes("jsonencode(") ? json(value) : value;
}
