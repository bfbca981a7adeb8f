import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Objects } from "../runtime/objects.ts";
import type { Observability } from "../runtime/observability.ts";
import type { Pace } from "../runtime/pace.ts";
import type { Aside } from "./aside.ts";
import type { Memory } from "./memory.ts";
import type { QueueRoom } from "./queue-room.ts";
import type { RecoverySettings } from "./settings.ts";

/** What the steps of one run share. */
export interface Run extends Observability {
  readonly settings: RecoverySettings;
  readonly sqs: SQSClient;
  readonly objects: Objects;
  readonly memory: Memory;
  readonly aside: Aside;
  readonly room: QueueRoom;
  readonly pace: Pace;
  /** Whether there is time for another unit of work. */
  readonly timeLeft: () => boolean;
  /** Whether deliveries are believed to succeed: what failed in an outage goes back only then. */
  readonly isClosed: () => Promise<boolean>;
  readonly now: () => Date;
}

/** What a step did. */
export interface StepResult {
  readonly moved: number;
  /** Whether there was more to do when its time was up. */
  readonly more: boolean;
}

export const nothingDone: StepResult = { moved: 0, more: false };

/** How many units of work go on side by side: calls of AWS mostly wait. */
export const LANES = 8;
