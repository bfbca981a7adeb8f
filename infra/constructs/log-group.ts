import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import type { Construct } from "constructs";
import { defined } from "../../contract/defined.ts";
import type { EnvironmentSettings } from "../settings.ts";

/** A log group that keeps what it is told for as long as the environment says; CloudWatch encrypts all of them. */
export function createLogGroup(
  scope: Construct,
  id: string,
  name: string,
  { logRetentionDays, encryptionKeyArn }: EnvironmentSettings,
): CloudwatchLogGroup {
  return new CloudwatchLogGroup(scope, id, {
    name,
    retentionInDays: logRetentionDays,
    ...defined({ kmsKeyId: encryptionKeyArn }),
  });
}
