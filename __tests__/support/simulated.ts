import { Queue, type QueueSettings } from "../../simulation/aws/queue.ts";
import type { QueueMessage } from "../../simulation/aws/sqs-message.ts";
import { VirtualClock } from "../../simulation/clock.ts";
import { Random } from "../../simulation/random.ts";
import { Trace } from "../../simulation/trace.ts";

/** Chance that is never against anybody: what happens now and then does not happen. */
export class CalmRandom extends Random {
  override chance(): boolean {
    return false;
  }
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Virtual time, chance and a trace, for a model by itself. */
export class Simulated {
  readonly clock = new VirtualClock();
  readonly lines: string[] = [];
  readonly trace = new Trace(
    () => this.clock.now,
    (line) => this.lines.push(line),
  );
  readonly random: Random = new CalmRandom("calm");
  readonly expired: QueueMessage[] = [];
  readonly moved: QueueMessage[] = [];

  /** Lets so much time pass. */
  pass(milliseconds: number): Promise<void> {
    return this.clock.runUntil(this.clock.now + milliseconds);
  }

  /** Lets time pass until the promise is settled, an hour at most. */
  async settle<T>(promise: Promise<T>): Promise<T> {
    let open = true;
    const end = () => {
      open = false;
    };
    promise.then(end, end);
    for (let seconds = 0; open && seconds < 3_600; seconds++) await this.pass(SECOND);
    if (open) throw new Error("It is still not settled after an hour.");
    return promise;
  }

  queue(settings: Partial<QueueSettings> = {}, random = this.random): Queue {
    const name = settings.name ?? "main";
    return new Queue(
      {
        name,
        url: `https://sqs.invalid/${name}`,
        arn: arnOf(name),
        retentionSeconds: 4 * 86_400,
        visibilityTimeoutSeconds: 30,
        delaySeconds: 0,
        receiveWaitSeconds: 0,
        maxMessageBytes: 1_048_576,
        ...settings,
      },
      this.clock,
      random,
      { onExpired: (message) => this.expired.push(message), onMoved: (message) => this.moved.push(message) },
    );
  }

  /** A queue, and the dead-letter queue that its redrive policy moves to. */
  queues(settings: Partial<QueueSettings> = {}, deadLetter: Partial<QueueSettings> = {}) {
    const dead = this.queue({ name: "dead", retentionSeconds: 14 * 86_400, ...deadLetter });
    const name = settings.name ?? "main";
    const main = new Queue(
      {
        ...this.queue({ ...settings, name }).settings,
        redrive: { deadLetterArn: dead.settings.arn, maxReceiveCount: 5, ...settings.redrive },
      },
      this.clock,
      this.random,
      {
        onExpired: (message) => this.expired.push(message),
        onMoved: (message) => {
          this.moved.push(message);
          dead.takeMoved(message, arnOf(name));
        },
      },
    );
    return { main, dead };
  }
}

export function arnOf(queue: string): string {
  return `arn:aws:sqs:eu-west-1:000000000000:${queue}`;
}

/** What was thrown, as an SDK's caller tells errors apart. */
export function errorOf(work: () => unknown): { name: string; status: number | undefined } {
  try {
    work();
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode: number } };
    return { name, status: $metadata?.httpStatusCode };
  }
  throw new Error("Nothing was thrown.");
}
