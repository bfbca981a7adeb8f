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
  });
  const table: TableDescription = {
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
    DeletionProtectionEnabled: true,
  };
  const expiry: TimeToLiveDescription = { TimeToLiveStatus: "ENABLED", AttributeName: "expiration" };

  test("as asked", () => {
    expect(compareTable(asked, table, expiry)).toHaveLength(6);
    expect(different(compareTable(asked, table, expiry))).toEqual([]);
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
    expect(different(compareTable(asked, { ...table, ...change }, { ...expiry, ...otherwise }))).toEqual(
      expected,
    );
  });
});
