import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { type BreakerState, initialState } from "../../contract/breaker.ts";
import { defined } from "../../contract/defined.ts";
import { type Evidence, readEvidence } from "../../contract/evidence.ts";
import { stateItems } from "../../contract/state-items.ts";
import type { Environment } from "../environment/environment.ts";

/** How attempts of one type have gone lately. */
export interface TypeStatus {
  readonly type: string;
  readonly succeeded: number;
  readonly failed: number;
  readonly refused: number;
}

export interface BreakerStatus extends BreakerState {
  /** The processor's event source mapping, as Lambda calls its state: `Enabled`, `Disabling`, … */
  readonly mapping: string;
  /** Why Lambda says that it is so. */
  readonly mappingReason?: string;
  /** When the oldest event that is known to wait was received: ISO 8601, UTC. */
  readonly oldestReceivedAt?: string;
  /** Where something has failed within the last half-hour, all types of it, the worst first. */
  readonly types: readonly TypeStatus[];
}

/** The breaker as the state table has it, what deliveries have met lately, and whether the queue is being consumed. */
export async function readBreaker(
  { clients, outputs }: Environment,
  now = Date.now(),
): Promise<BreakerStatus> {
  const [dynamodb, lambda] = await Promise.all([clients.dynamodb(), clients.lambda()]);
  const [{ Item: item }, { State: mapping = "unknown", StateTransitionReason: mappingReason }] =
    await Promise.all([
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
  const state = text === undefined ? initialState : (JSON.parse(text) as BreakerState);
  const evidence = readEvidence(item, now);
  return {
    ...state,
    mapping,
    ...defined({ mappingReason, oldestReceivedAt: oldestIn(state, evidence) }),
    types: typesIn(evidence),
  };
}

function oldestIn(
  { status, oldestUndelivered }: BreakerState,
  { failing, refused }: Evidence,
): string | undefined {
  const times = [...failing, ...refused].flatMap(({ receivedAt }) => receivedAt ?? []);
  if (status !== "closed" && oldestUndelivered !== undefined) times.push(Date.parse(oldestUndelivered));
  return times.length === 0 ? undefined : new Date(Math.min(...times)).toISOString();
}

function typesIn({ types }: Evidence): TypeStatus[] {
  const all = [...types].map(([type, { succeeded, failed, refused }]) => ({
    type,
    succeeded,
    failed,
    refused,
  }));
  if (all.every(({ failed, refused }) => failed + refused === 0)) return [];
  return all.sort((one, other) => successShare(one) - successShare(other));
}

/** 0 to 1 */
export function successShare({ succeeded, failed, refused }: TypeStatus): number {
  return succeeded / Math.max(1, succeeded + failed + refused);
}
