/**
 * The alias of recovery under which a person's orders come: the breaker opens and closes by no other invocation. IAM
 * tells the two apart, since a policy that names a function's own ARN allows no invocation of its aliases. The
 * processor may wake recovery, and no more.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
 */
export const OPERATOR_ALIAS = "operator";

/** `arn:aws:lambda:<region>:<account>:function:<name>[:<alias>]` → the alias, where the invocation named one. */
export function aliasIn(functionArn: string): string | undefined {
  return functionArn.split(":")[7];
}
