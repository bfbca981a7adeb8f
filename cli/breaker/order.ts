import { InvokeCommand } from "@aws-sdk/client-lambda";
import { CommandError } from "../../contract/command-error.ts";
import { GENESYS_DLQ } from "../../contract/command-line.ts";
import { OPERATOR_ALIAS } from "../../contract/operator-alias.ts";
import type { Environment } from "../environment/environment.ts";

/** As functions/recovery/order.ts reads it. */
export type BreakerOrder =
  | { readonly breaker: "open"; readonly reason?: string }
  | { readonly breaker: "close" };

/** Lambda's own limit: recovery does all of its work before it answers. */
const LONGEST_RUN_MILLISECONDS = 900_000;

/**
 * Has recovery open or close the breaker, and waits for its run.
 *
 * @throws {CommandError} with what recovery stumbled over
 */
export async function giveOrder(
  { clients, outputs }: Environment,
  order: BreakerOrder,
  abortSignal: AbortSignal,
): Promise<void> {
  const lambda = await clients.lambda();
  const { FunctionError: failed, Payload: payload } = await lambda.send(
    new InvokeCommand({
      FunctionName: outputs.recoveryFunction,
      Qualifier: OPERATOR_ALIAS,
      Payload: Buffer.from(JSON.stringify(order)),
    }),
    { abortSignal, requestTimeout: LONGEST_RUN_MILLISECONDS },
  );
  if (failed === undefined) return;
  const { errorMessage = failed } = JSON.parse(Buffer.from(payload ?? []).toString() || "{}") as {
    errorMessage?: string;
  };
  throw new CommandError(
    `Recovery could not do all of it: ${errorMessage}`,
    `See what became of it with ${GENESYS_DLQ} breaker status, and why in recovery's log.`,
  );
}
