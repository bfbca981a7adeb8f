import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Notice } from "../../contract/notice.ts";
import { errorName } from "../runtime/error-name.ts";
import type { Objects } from "../runtime/objects.ts";
import type { Observability } from "../runtime/observability.ts";
import { Pace } from "../runtime/pace.ts";
import { Aside } from "./aside.ts";
import { bringBackParked } from "./bring-back.ts";
import { tendDeadLetters } from "./dead-letters.ts";
import { isTold, noteWaiting } from "./known-waiting.ts";
import type { Memory, MemoryStore } from "./memory.ts";
import { tellStop } from "./notice.ts";
import { countMessages, type QueueCount, QueueRoom } from "./queue-room.ts";
import type { RecoverySteps } from "./recover.ts";
import type { Run } from "./run.ts";
import type { RecoverySettings } from "./settings.ts";
import { requeueSpilled } from "./spilled.ts";
import type { TendedBreaker } from "./tend-breaker.ts";
import { parkWaiting } from "./waiting.ts";

const UNKNOWN: QueueCount = { visible: 0, others: 0 };

export interface StepPorts extends Observability {
  readonly settings: RecoverySettings;
  readonly sqs: SQSClient;
  readonly objects: () => Promise<Objects>;
  readonly memory: MemoryStore;
  readonly isClosed: () => Promise<boolean>;
  readonly timeLeft: () => boolean;
  readonly publish: (notice: Notice) => Promise<void>;
  readonly now: () => Date;
}

export interface PreparedSteps {
  readonly steps: RecoverySteps;
  /** How many objects and messages are put aside. */
  readonly putAside: number;
  /** When the oldest message was sent that could not be parked: milliseconds since 1970. */
  readonly oldestOnQueue: number | undefined;
  /**
   * @param isStopped undefined: nobody knows, and what was known stays
   * @returns whether another alarm tells why events wait
   */
  readonly noteWaiting: (isStopped: boolean | undefined, spillsWait: boolean) => boolean;
  /** Says why deliveries have stopped, or that they go on, where nobody has said so yet. */
  readonly tellStop: (tended: TendedBreaker | Error) => Promise<void>;
  /** Leaves to the next run what it ought to know. @throws what DynamoDB throws */
  readonly remember: () => Promise<void>;
}

export async function prepareSteps(ports: StepPorts): Promise<PreparedSteps> {
  const { settings, sqs, memory: store, now } = ports;
  let remembers = true;
  const memory = await store.load().catch((error: unknown): Memory => {
    remembers = false;
    ports.logger.warn("What the last run found out is out of reach; looking at everything", {
      reason: errorName(error),
    });
    return { aside: {} };
  });
  // A queue out of reach stops the steps that need it, and nothing else of the run.
  const count = await countMessages(sqs, settings.queueUrl).catch((error: unknown) => ({ error }));
  const at = now();
  const aside = new Aside(memory, ports.logger, now);
  const room = new QueueRoom("error" in count ? UNKNOWN : count, memory.queue?.counted, now());
  const run: Run = {
    ...ports,
    memory,
    aside,
    room,
    objects: await ports.objects(),
    pace: new Pace(settings.redrive.redrivesPerSecond),
  };
  return {
    steps: {
      requeueSpilled: () => requeueSpilled(run),
      bringBackParked: () => bringBackParked(run),
      tendDeadLetters: () => tendDeadLetters(run),
      parkWaiting: () => ("error" in count ? Promise.reject(count.error) : parkWaiting(run, count)),
    },
    get putAside() {
      return aside.count;
    },
    get oldestOnQueue() {
      return memory.queue?.oldestSentAt;
    },
    noteWaiting(isStopped, spillsWait) {
      if (isStopped !== undefined || spillsWait) {
        const noted = noteWaiting(memory.waiting, isStopped === true || spillsWait, at.getTime());
        if (noted === undefined) Reflect.deleteProperty(memory, "waiting");
        else memory.waiting = noted;
      }
      return isTold(memory.waiting, settings.oldestEventSeconds, at.getTime());
    },
    tellStop: (tended) =>
      tellStop(
        {
          ...ports,
          memory,
          environment: settings.environment,
          waiting: "error" in count ? 0 : count.visible + count.others,
          now: at,
        },
        tended,
      ),
    async remember() {
      if (!remembers) return;
      const { counted } = room;
      const busy = counted.visible + counted.sent > 0;
      const { counted: _, ...queue } = { emptyRuns: 0, ...memory.queue };
      await store.save({ ...memory, queue: busy ? { ...queue, counted } : queue });
    },
  };
}
