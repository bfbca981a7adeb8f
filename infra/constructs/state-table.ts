import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table/index.js";
import { Construct } from "constructs";
import { dataLifecycle } from "../lifecycle.ts";
import type { Names } from "../names.ts";
import type { EnvironmentSettings } from "../settings.ts";

/**
 * What the functions remember between invocations: which events have been delivered, the breaker, and which
 * run of recovery is at work. No event lies in it, so a lost table loses none, but duplicates go through
 * until it is back: it can be restored to any second of the last 35 days. DynamoDB encrypts it at rest with a
 * key of its own unless the environment wants its key here too: there are only ids and times in it.
 */
export class StateTable extends Construct {
  readonly table: DynamodbTable;

  constructor(scope: Construct, id: string, names: Names, settings: EnvironmentSettings) {
    super(scope, id);
    this.table = new DynamodbTable(this, "Default", {
      name: names.stateTable,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attribute: [{ name: "id", type: "S" }],
      ttl: { attributeName: "expiration", enabled: true },
      deletionProtectionEnabled: !settings.disposable,
      ...(settings.disposable ? {} : { pointInTimeRecovery: { enabled: true } }),
      ...encryption(settings),
      ...dataLifecycle(settings),
    });
  }
}

function encryption({ encryptionKeyArn, encryptTableAndVariables }: EnvironmentSettings) {
  if (encryptionKeyArn === undefined || !encryptTableAndVariables) return {};
  return { serverSideEncryption: { enabled: true, kmsKeyArn: encryptionKeyArn } };
}
