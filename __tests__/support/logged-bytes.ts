import type { Synthesised } from "./synthesise.ts";

/** CloudWatch counts so many more for each line. */
const BYTES_A_LINE = 26;
/** What stands in the access log in place of a `$context` variable, where an event was accepted. */
const VALUES: Readonly<Record<string, string>> = {
  "$context.requestId": "JKJaXmPLvHcESHA=",
  "$context.routeKey": "POST /webhook",
  "$context.status": "200",
  "$context.integrationLatency": "12",
  "$context.integrationErrorMessage": "-",
  "$context.identity.sourceIp": "203.0.113.117",
};

/**
 * Bytes that CloudWatch bills for an invocation: what the function has written. Of one that went well Lambda itself
 * writes nothing, in its JSON format with system logs from WARN on.
 */
export function bytesOfInvocation(written: string): number {
  const lines = written.split("\n").length - 1;
  return Buffer.byteLength(written) + lines * BYTES_A_LINE;
}

/** Bytes that CloudWatch bills for a request's line in the access log. @throws for a variable that is not known here */
export function bytesOfAccessLine(stack: Synthesised): number {
  const { access_log_settings: settings } = stack.resource("aws_apigatewayv2_stage", "api_stage");
  const { format } = settings as { readonly format: string };
  const line = format.replaceAll(/\$context[.\w]+/g, (variable) => {
    const value = VALUES[variable];
    if (value === undefined) throw new Error(`Nobody has said how long ${variable} is.`);
    return value;
  });
  return line.length + BYTES_A_LINE;
}
