import {
  type ContinuousBackupsDescription,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type TableDescription,
  type TimeToLiveDescription,
} from "@aws-sdk/client-dynamodb";
import { type AskedResource, type AskedStack, type Attributes, block } from "../asked.ts";
import type { Cloud } from "../cloud.ts";
import { compare, type Finding } from "../finding.ts";

/** Every table: its key, how it is paid, what expires, whether it may be deleted, and restored. */
export async function checkTables(asked: AskedStack, { dynamodb }: Cloud): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const it of asked.ofType("aws_dynamodb_table")) {
    const TableName = String(it.attributes["name"]);
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
    const { TimeToLiveDescription } = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
    const backups = await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName }));
    findings.push(
      ...compareTable(it, Table ?? {}, TimeToLiveDescription ?? {}, backups.ContinuousBackupsDescription),
    );
  }
  return findings;
}

export function compareTable(
  asked: AskedResource,
  found: TableDescription,
  expiry: TimeToLiveDescription,
  backups: ContinuousBackupsDescription | undefined,
): Finding[] {
  const given = asked.attributes;
  const ttl = block(given["ttl"]);
  const attributes = given["attribute"] as readonly Attributes[] | undefined;
  const keys = (found.KeySchema ?? []).map(({ AttributeName, KeyType }) => [KeyType, AttributeName]);
  return compare(asked.address, {
    key: [askedKey(given), keys],
    attributes: [
      attributes?.map(({ name, type }) => [name, type]),
      (found.AttributeDefinitions ?? []).map(({ AttributeName, AttributeType }) => [
        AttributeName,
        AttributeType,
      ]),
    ],
    billing: [given["billing_mode"], found.BillingModeSummary?.BillingMode],
    "deletion protection": [given["deletion_protection_enabled"], found.DeletionProtectionEnabled],
    "point-in-time recovery": [
      block(given["point_in_time_recovery"])?.["enabled"],
      backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === "ENABLED",
    ],
    expires: [ttl?.["enabled"], expiry.TimeToLiveStatus === "ENABLED"],
    "expires by": [ttl?.["attribute_name"], expiry.AttributeName],
  });
}

function askedKey(given: Attributes): unknown {
  const range = given["range_key"];
  return [["HASH", given["hash_key"]], ...(range === undefined ? [] : [["RANGE", range]])];
}
