import type { TableDescription, TimeToLiveDescription } from "@aws-sdk/client-dynamodb";
import { compareTable } from "../../../../deployment/rehearsal/checks/tables.ts";
import { different, only } from "../../../support/asked.ts";

describe("a table", () => {
  const asked = only("aws_dynamodb_table", {
    billing_mode: "PAY_PER_REQUEST",
    hash_key: "id",
    attribute: [{ name: "id", type: "S" }],
    ttl: { attribute_name: "expiration", enabled: true },
    deletion_protection_enabled: true,
    point_in_time_recovery: { enabled: true },
  });
  const table: TableDescription = {
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
    DeletionProtectionEnabled: true,
  };
  const expiry: TimeToLiveDescription = { TimeToLiveStatus: "ENABLED", AttributeName: "expiration" };

  const backups = (status: "ENABLED" | "DISABLED") => ({
    ContinuousBackupsStatus: "ENABLED" as const,
    PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: status },
  });

  test("as asked", () => {
    expect(compareTable(asked, table, expiry, backups("ENABLED"))).toHaveLength(7);
    expect(different(compareTable(asked, table, expiry, backups("ENABLED")))).toEqual([]);
  });

  test("that cannot be restored", () => {
    for (const found of [backups("DISABLED"), undefined]) {
      expect(different(compareTable(asked, table, expiry, found))).toEqual(["point-in-time recovery"]);
    }
  });

  test.each<[string, Partial<TableDescription>, Partial<TimeToLiveDescription>, string[]]>([
    ["with another key", { KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }] }, {}, ["key"]],
    [
      "with a range",
      { KeySchema: [...(table.KeySchema ?? []), { AttributeName: "at", KeyType: "RANGE" }] },
      {},
      ["key"],
    ],
    [
      "with ids that are numbers",
      { AttributeDefinitions: [{ AttributeName: "id", AttributeType: "N" }] },
      {},
      ["attributes"],
    ],
    ["paid by capacity", { BillingModeSummary: { BillingMode: "PROVISIONED" } }, {}, ["billing"]],
    ["that anybody may delete", { DeletionProtectionEnabled: false }, {}, ["deletion protection"]],
    ["that keeps everything", {}, { TimeToLiveStatus: "DISABLED" }, ["expires"]],
    ["that expires by another attribute", {}, { AttributeName: "ttl" }, ["expires by"]],
  ])("%s", (_title, change, otherwise, expected) => {
    const found = compareTable(
      asked,
      { ...table, ...change },
      { ...expiry, ...otherwise },
      backups("ENABLED"),
    );
    expect(different(found)).toEqual(expected);
  });
});
