import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table/index.js";
import { Construct } from "constructs";
import type { Names } from "../names.ts";
import type { EnvironmentSettings } from "../settings.ts";

/**
 * What the functions remember between invocations: which events have been delivered, the breaker, and which
 * run of recovery is at work. No event lies in it, so a lost table loses none. DynamoDB encrypts at rest with
 * a key of its own.
 */
export class StateTable extends Construct {
  public readonly table: DynamodbTable;

  constructor(scope: Construct, id: string, names: Names, settings: EnvironmentSettings) {
    super(scope, id);
    this.table = new DynamodbTable(this, "Default", {
      name: names.stateTable,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attribute: [{ name: "id", type: "S" }],
      ttl: { attributeName: "expiration", enabled: true }, // Powertools' own name
      deletionProtectionEnabled: !settings.disposable,
    });
  }
}
