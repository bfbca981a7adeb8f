import {
  GetEventSourceMappingCommand,
  type LambdaClient,
  ResourceConflictException,
  ResourceInUseException,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import type { BreakerState } from "../../contract/breaker.ts";
import type { BreakerStore } from "../breaker/store.ts";

/**
 * Brings the processor's event source mapping into line with the breaker. Each run starts from what is really
 * there, so it does not matter where the last one died: docs/decisions/0008-one-recovery-that-reconciles.md
 *
 * - open, mapping enabled: note that we hold it, then disable it. If it has been closed in the meantime, there
 *   is nothing to hold; if it is closed from then on, the note says who owes enabling it.
 * - open, mapping disabled, not held: somebody else disabled it; it stays theirs.
 * - not open, held: enable it, then note that we no longer hold it.
 */
export async function reconcileMapping(
  lambda: LambdaClient,
  uuid: string,
  store: BreakerStore,
  state: BreakerState,
): Promise<void> {
  if (state.status !== "open" && !state.held) return;
  const { State } = await lambda.send(new GetEventSourceMappingCommand({ UUID: uuid }));
  const enabled = State === "Enabled" || State === "Enabling";
  if (state.status === "open") {
    if (!enabled) return;
    const { after } = await store.tell({ kind: "held" });
    if (after.status !== "open") return;
    await setEnabled(lambda, uuid, false);
    return;
  }
  if (!enabled && !(await setEnabled(lambda, uuid, true))) return;
  await store.tell({ kind: "released" });
}

/** @returns false when Lambda is still busy with the last change: the next run tries again. */
async function setEnabled(lambda: LambdaClient, uuid: string, enabled: boolean): Promise<boolean> {
  try {
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: enabled }));
    return true;
  } catch (error) {
    if (error instanceof ResourceInUseException || error instanceof ResourceConflictException) return false;
    throw error;
  }
}
