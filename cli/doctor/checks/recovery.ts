import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { recoveryLease, stateItems } from "../../../contract/state-items.ts";
import type { Environment } from "../../environment/environment.ts";
import type { Check } from "../check.ts";
import { resultsOf } from "../check-result.ts";
import { duration } from "../words.ts";

const { ok, failure } = resultsOf("recovery");

/** It is started every minute; this leaves it two that were late. */
const SILENT_SECONDS = 180;

/** Whether recovery runs: without it no breaker closes, and nothing is brought back. */
export const recovery: Check = {
  name: "recovery",
  async run({ environment, now }) {
    const [lease, deployedAt] = await Promise.all([readLease(environment), deployedSince(environment)]);
    if (lease.until > now()) return [ok("running")];
    // A run that was killed says only until when it might have gone on.
    const last = Math.max(lease.until, lease.endedAt);
    const seconds = (now() - Math.max(last, deployedAt)) / 1_000;
    if (seconds <= SILENT_SECONDS) {
      return [ok(last > deployedAt ? `ran ${duration(seconds)} ago` : `deployed ${duration(seconds)} ago`)];
    }
    const { kind, outputs } = environment;
    return [
      failure(
        last === 0
          ? `It has never run, and was deployed ${duration(seconds)} ago.`
          : `It has not run for ${duration(seconds)}, and should every minute.`,
        kind === "local"
          ? "Start the local run again."
          : `See whether its schedule is enabled, and why it fails: aws logs tail /aws/lambda/${outputs.recoveryFunction} --since 15m`,
      ),
    ];
  },
};

/** Milliseconds since 1970; 0 for what is not told. */
async function readLease({ clients, outputs }: Environment) {
  const dynamodb = await clients.dynamodb();
  const { Item: item } = await dynamodb.send(
    new GetItemCommand({
      TableName: outputs.stateTable,
      Key: { id: { S: stateItems.recoveryLease } },
      ConsistentRead: true,
    }),
  );
  return {
    until: Number(item?.[recoveryLease.until]?.N ?? 0),
    endedAt: Number(item?.[recoveryLease.endedAt]?.N ?? 0),
  };
}

async function deployedSince({ clients, outputs }: Environment): Promise<number> {
  const lambda = await clients.lambda();
  const command = new GetFunctionConfigurationCommand({ FunctionName: outputs.recoveryFunction });
  return Date.parse((await lambda.send(command)).LastModified ?? "") || 0;
}
