import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { recoveryLease, stateItems } from "../../../contract/state-items.ts";
import type { Environment } from "../../environment/environment.ts";
import type { Check } from "../check.ts";
import { resultsOf } from "../check-result.ts";
import { duration, logOf, remedyIn } from "../words.ts";

const { ok, failure } = resultsOf("recovery");

/** It is started every minute; this leaves it two that were late. */
const SILENT_SECONDS = 180;

/** Whether recovery runs: without it no breaker closes, and nothing is brought back. */
export const recovery: Check = {
  name: "recovery",
  async run({ environment, now }) {
    const [lease, deployedAt] = await Promise.all([readLease(environment), deployedSince(environment)]);
    const ago = (time: number) => (now() - time) / 1_000;
    const isRunning = lease.until > now();
    const { endedAt, endedWellAt } = lease;
    const seconds = ago(Math.max(endedWellAt, deployedAt));
    if (seconds <= SILENT_SECONDS) {
      if (isRunning) return [ok("running")];
      if (endedWellAt <= deployedAt) return [ok(`deployed ${duration(seconds)} ago`)];
      return [
        ok(
          `${endedAt > endedWellAt ? "the last run failed, one ended well" : "ran"} ${duration(seconds)} ago`,
        ),
      ];
    }
    const { outputs } = environment;
    const runs = isRunning || (endedAt > 0 && ago(endedAt) <= SILENT_SECONDS);
    const never = endedAt === 0 && lease.until === 0;
    return [
      failure(
        never
          ? `It has never run, and was deployed ${duration(seconds)} ago.`
          : runs
            ? `It runs, but no run has ended well for ${duration(seconds)}.`
            : `No run has ended well for ${duration(seconds)}, and one should every minute.`,
        remedyIn(
          environment,
          `See whether its schedule is enabled, and why it fails: ${logOf(environment, outputs.recoveryFunction)}`,
          `See why it fails: ${logOf(environment, outputs.recoveryFunction)}`,
        ),
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
    endedWellAt: Number(item?.[recoveryLease.endedWellAt]?.N ?? 0),
  };
}

async function deployedSince({ clients, outputs }: Environment): Promise<number> {
  const lambda = await clients.lambda();
  const command = new GetFunctionConfigurationCommand({ FunctionName: outputs.recoveryFunction });
  return Date.parse((await lambda.send(command)).LastModified ?? "") || 0;
}
