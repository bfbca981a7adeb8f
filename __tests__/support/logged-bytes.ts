import { json, type Synthesised } from "./synthesise.ts";

/** `START`, `END` and `REPORT`, as Lambda writes them around each invocation in its text format. */
const PLATFORM_LINES = { lines: 3, bytes: 350 };
/** CloudWatch counts so many more for each line. */
const BYTES_A_LINE = 26;
/** What stands in the access log in place of a `$context` variable, on the average. */
const FIELD_BYTES = 20;

/** Bytes that CloudWatch bills for an invocation: what the function has written, and Lambda's own lines. */
export function bytesOfInvocation(written: string): number {
  const lines = written.split("\n").length - 1 + PLATFORM_LINES.lines;
  return Buffer.byteLength(written) + PLATFORM_LINES.bytes + lines * BYTES_A_LINE;
}

/** Bytes that CloudWatch bills for a request's line in the access log. */
export function bytesOfAccessLine(stack: Synthesised): number {
  const { access_log_settings: settings } = stack.resource("aws_apigatewayv2_stage", "api_stage");
  const { format } = settings as { readonly format: string };
  const line = JSON.stringify(json(format)).replaceAll(/\$context[.\w]+/g, "x".repeat(FIELD_BYTES));
  return line.length + BYTES_A_LINE;
}
