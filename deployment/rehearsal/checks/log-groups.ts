import type { AskedStack } from "../asked.ts";
import type { Cloud } from "../cloud.ts";
import { compare, type Finding } from "../finding.ts";
import type { LogGroup } from "../json-protocol.ts";

/** Every log group's retention and key. */
export async function checkLogGroups(asked: AskedStack, { json }: Cloud): Promise<Finding[]> {
  return compareLogGroups(asked, await json.describeLogGroups());
}

export function compareLogGroups(asked: AskedStack, found: readonly LogGroup[]): Finding[] {
  return asked.ofType("aws_cloudwatch_log_group").flatMap((it) => {
    const group = found.find(({ logGroupName }) => logGroupName === it.attributes["name"]);
    return compare(it.address, {
      "retention, days": [it.attributes["retention_in_days"], group?.retentionInDays],
      "encryption key": [it.attributes["kms_key_id"], group?.kmsKeyId],
    });
  });
}
