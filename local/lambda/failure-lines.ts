import type { FunctionError } from "./invocation-result.ts";

/** What Lambda's platform says of an invocation that did not go well. */
const STATUS: Readonly<Record<string, string>> = {
  "Sandbox.Timedout": "timeout",
  "Runtime.ExitError": "failure",
};

/**
 * What Lambda writes of an invocation that failed, in its JSON format with system logs from WARN on: the runtime's line
 * of what was thrown, and the platform's report. Of one that went well it writes nothing.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 */
export function failureLines(
  requestId: string,
  { trace, ...error }: FunctionError,
  at = new Date(),
): object[] {
  const time = at.toISOString();
  const thrown = { timestamp: time, level: "ERROR", message: { ...error, stackTrace: trace }, requestId };
  const record = { requestId, status: STATUS[error.errorType] ?? "error" };
  return [...(trace === undefined ? [] : [thrown]), { time, type: "platform.report", record }];
}
