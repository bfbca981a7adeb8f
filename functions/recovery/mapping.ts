import {
  GetEventSourceMappingCommand,
  type LambdaClient,
  ResourceConflictException,
  ResourceInUseException,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import type { BreakerState } from "../../contract/breaker.ts";
import type { BreakerStore } from "../breaker/store.ts";
import { errorName } from "../runtime/error-name.ts";
import type { EventLogger } from "../runtime/observability.ts";
import { isOurs, type MappingNote } from "./mapping-note.ts";

export interface MappingPorts {
  readonly lambda: LambdaClient;
  readonly uuid: string;
  readonly breaker: BreakerStore;
  readonly readNote: () => Promise<MappingNote | undefined>;
  readonly writeNote: (note: MappingNote) => Promise<void>;
  readonly logger: EventLogger;
  readonly now: () => Date;
}

/** Whether the queue is consumed as the breaker says; else why not, in a sentence. */
export type MappingFinding = { readonly ok: true } | { readonly ok: false; readonly problem: string };

const FINE: MappingFinding = { ok: true };

/**
 * Brings the processor's event source mapping into line with the breaker. Each run starts from what is really
 * there, so it does not matter where the last one died: docs/decisions/0008-one-recovery-that-reconciles.md
 *
 * - open, mapping enabled: note that we hold it, then disable it. If it has been closed in the meantime, there
 *   is nothing to hold; if it is closed from then on, the note says who owes enabling it.
 * - open, mapping disabled: nothing to do, whoever disabled it.
 * - not open, mapping disabled: enable it where it was ours to disable, or AWS's. A person's switch is left
 *   alone, and told.
 * - not open, mapping enabled: note that we no longer hold it.
 */
export async function reconcileMapping(ports: MappingPorts, state: BreakerState): Promise<MappingFinding> {
  const { lambda, uuid } = ports;
  const { State: found = "", StateTransitionReason: reason = "" } = await lambda.send(
    new GetEventSourceMappingCommand({ UUID: uuid }),
  );
  const isOff = found === "Disabled" || found === "Disabling";
  if (state.status === "open") {
    if (!isOff) await hold(ports);
    return FINE;
  }
  if (!isOff) {
    if (state.held) await release(ports);
    // Enabled, and yet nothing is polled: a key, a role or a queue is not as it was.
    return reason.startsWith("PROBLEM") ? { ok: false, problem: `Lambda cannot poll: ${reason}` } : FINE;
  }
  const why = await whyOurs(ports, state, reason);
  if (why === undefined) {
    return { ok: false, problem: `The event source mapping is ${found}, and not by the breaker: ${reason}` };
  }
  if (!state.held)
    ports.logger.warn("The event source mapping is off, and put on again", { why, found, reason });
  if (await setEnabled(ports, true)) await release(ports);
  return FINE;
}

/** Why it is ours to enable; nothing where a person has switched it off. */
async function whyOurs(
  { readNote, now }: MappingPorts,
  { held }: BreakerState,
  reason: string,
): Promise<string | undefined> {
  if (held) return "held";
  if (reason !== "" && !reason.startsWith("USER_INITIATED")) return "AWS has disabled it";
  return isOurs(await readNote(), now()) ? "disabled by the breaker" : undefined;
}

async function hold(ports: MappingPorts): Promise<void> {
  const { after } = await ports.breaker.tell({ kind: "held" });
  if (after.status !== "open") return;
  await note(ports, { disabledAt: ports.now().toISOString() });
  await setEnabled(ports, false);
}

async function release(ports: MappingPorts): Promise<void> {
  const at = ports.now().toISOString();
  await note(ports, { disabledAt: at, enabledAt: at });
  await ports.breaker.tell({ kind: "released" });
}

/** The state table says the same; the note is for the day on which it does not. */
async function note({ writeNote, logger }: MappingPorts, content: MappingNote): Promise<void> {
  await writeNote(content).catch((error: unknown) =>
    logger.warn("The bucket took no note of the event source mapping", { reason: errorName(error) }),
  );
}

/** @returns false when Lambda is still busy with the last change: the next run tries again. */
async function setEnabled({ lambda, uuid }: MappingPorts, enabled: boolean): Promise<boolean> {
  try {
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: enabled }));
    return true;
  } catch (error) {
    if (error instanceof ResourceInUseException || error instanceof ResourceConflictException) return false;
    throw error;
  }
}
