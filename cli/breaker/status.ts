import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { type BreakerState, initialState } from "../../contract/breaker.ts";
import { stateItems } from "../../contract/state-items.ts";
import type { Environment } from "../environment/environment.ts";

export interface BreakerStatus extends BreakerState {
  /** The processor's event source mapping, as Lambda calls its state: `Enabled`, `Disabling`, … */
  readonly mapping: string;
}

/** The breaker as the state table has it, and whether the queue is being consumed. */
export async function readBreaker({ clients, outputs }: Environment): Promise<BreakerStatus> {
  const [dynamodb, lambda] = await Promise.all([clients.dynamodb(), clients.lambda()]);
  const [{ Item: item }, { State: mapping = "unknown" }] = await Promise.all([
    dynamodb.send(
      new GetItemCommand({
        TableName: outputs.stateTable,
        Key: { id: { S: stateItems.breaker } },
        ConsistentRead: true,
      }),
    ),
    lambda.send(new GetEventSourceMappingCommand({ UUID: outputs.eventSourceMapping })),
  ]);
  const text = item?.["state"]?.S;
  return { ...(text === undefined ? initialState : (JSON.parse(text) as BreakerState)), mapping };
}
