import { defined } from "../../contract/defined.ts";
import { errorName } from "../runtime/error-name.ts";
import type { Observability } from "../runtime/observability.ts";
import type { BroughtBack } from "./bring-back.ts";
import type { DeadLettersResult } from "./dead-letters.ts";
import type { StepResult } from "./run.ts";
import type { SpilledResult } from "./spilled.ts";

/** What a run works with; each part is safe to repeat and safe to be killed in. */
export interface RecoveryPorts extends Observability {
  /** What is brought back or put away, each a step of its own. */
  readonly steps: RecoverySteps;
}

/** None of them waits for another, and none has more of a run than the others: they go on side by side. */
export interface RecoverySteps {
  readonly requeueSpilled: () => Promise<SpilledResult>;
  readonly bringBackParked: () => Promise<BroughtBack>;
  readonly tendDeadLetters: () => Promise<DeadLettersResult>;
  readonly parkWaiting: () => Promise<StepResult>;
}

export interface RecoveryOutcome {
  readonly requeued: number;
  readonly broughtBack: number;
  readonly redriven: number;
  readonly parked: number;
  /** Of the bucket; absent where it could not be read. */
  readonly stored?: Pick<BroughtBack, "deadLetters" | "oldest" | "oldestEvent">;
  /** When the oldest spilled message was stored; absent where there is none, or where that is not known. */
  readonly oldestSpilled?: Date;
  /** Absent where they could not be counted. */
  readonly deadLetters?: Pick<DeadLettersResult, "fresh" | "oldestSentAt">;
  /** Whether there is more to do, and this run has done some of it. */
  readonly more: boolean;
  /** The steps that failed; the next run takes them up again. */
  readonly failures: readonly Error[];
  /** Which they were. */
  readonly failedSteps: readonly (keyof RecoverySteps)[];
}

/**
 * One run of recovery. A step that fails holds up none of the others: an unreachable bucket is no reason to
 * leave the breaker open.
 *
 * @param timeUp resolves when the run has to end, whatever its steps wait for: all of them can be left half-done
 */
export async function recover(ports: RecoveryPorts, timeUp: Promise<void>): Promise<RecoveryOutcome> {
  const failures: Error[] = [];
  const failedSteps: (keyof RecoverySteps)[] = [];
  const step = async <K extends keyof RecoverySteps, T>(
    key: K,
    name: string,
    work: () => Promise<T>,
  ): Promise<T | undefined> => {
    const late = timeUp.then(() => Promise.reject(new StepTimeUpError(name)));
    try {
      return await Promise.race([work(), late]);
    } catch (error) {
      ports.logger.error(`Recovery could not ${name}; the next run tries again`, {
        reason: errorName(error),
      });
      failures.push(error as Error);
      failedSteps.push(key);
      return undefined;
    }
  };

  const { steps } = ports;
  const [spilled, back, deadLetters, waiting] = await Promise.all([
    step("requeueSpilled", "re-queue spilled events", steps.requeueSpilled),
    step("bringBackParked", "bring parked events back", steps.bringBackParked),
    step("tendDeadLetters", "redrive and park dead letters", steps.tendDeadLetters),
    step("parkWaiting", "park what waits too long", steps.parkWaiting),
  ]);
  const results = [spilled, back, deadLetters, waiting].filter((result) => result !== undefined);
  return {
    requeued: spilled?.moved ?? 0,
    broughtBack: back?.moved ?? 0,
    redriven: deadLetters?.redriven ?? 0,
    parked: (waiting?.moved ?? 0) + (deadLetters?.parked ?? 0),
    ...defined({ stored: back, oldestSpilled: spilled?.oldest, deadLetters }),
    more: results.some(({ more, moved }) => more && moved > 0),
    failures,
    failedSteps,
  };
}

class StepTimeUpError extends Error {
  constructor(step: string) {
    super(`The run's time was up before it could ${step}.`);
    this.name = "TimeUp";
  }
}
