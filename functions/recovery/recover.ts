import { errorName } from "../runtime/error-name.ts";
import type { Observability } from "../runtime/observability.ts";
import type { RedriveResult } from "./redrive.ts";

/** What a run works with; each part is safe to repeat and safe to be killed in. */
export interface RecoveryPorts extends Observability {
  /** Whether deliveries succeed, as far as anybody knows. */
  readonly mayRedrive: () => Promise<boolean>;
  /** @returns how many spilled events went back to their queues. */
  readonly requeueSpilled: (mayGoOn: () => Promise<boolean>) => Promise<number>;
  /** @returns undefined when there was nothing new to look at. */
  readonly redrive: (mayGoOn: () => Promise<boolean>) => Promise<RedriveResult | undefined>;
}

export interface RecoveryOutcome {
  readonly requeued: number;
  readonly redriven: number;
  /** The steps that failed; the next run takes them up again. */
  readonly failures: readonly Error[];
}

/**
 * One run of recovery. A step that fails holds up none of the others: an unreachable bucket is no reason to
 * leave the breaker open.
 *
 * @param timeLeft asked between units of work; false ends the run early.
 */
export async function recover(ports: RecoveryPorts, timeLeft: () => boolean): Promise<RecoveryOutcome> {
  const failures: Error[] = [];
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      ports.logger.error(`Recovery could not ${name}; the next run tries again`, {
        reason: errorName(error),
      });
      failures.push(error as Error);
      return undefined;
    }
  };

  const requeued = await step("re-queue spilled events", () => ports.requeueSpilled(async () => timeLeft()));
  // A destination that has just come back first drains what is waiting; dead letters follow once it is closed.
  const mayRedrive = async () => timeLeft() && (await ports.mayRedrive());
  const redrive = await step("redrive dead letters", () => ports.redrive(mayRedrive));
  return { requeued: requeued ?? 0, redriven: redrive?.redriven ?? 0, failures };
}
