import { ResourceInUseException } from "@aws-sdk/client-lambda";
import type { SQSEvent } from "aws-lambda";
import { toSqsRecord } from "../../contract/sqs-record.ts";
import type { VirtualClock } from "../clock.ts";
import type { Random } from "../random.ts";
import type { Trace } from "../trace.ts";
import { doneOf } from "./batch-response.ts";
import type { Invocation, Lambda } from "./lambda.ts";
import type { Queue } from "./queue.ts";
import { toSdkMessage } from "./sqs.ts";
import { type QueueMessage, sizeOf } from "./sqs-message.ts";

export type MappingState = "Enabled" | "Enabling" | "Disabled" | "Disabling";

export interface MappingSettings {
  readonly uuid: string;
  readonly functionName: string;
  readonly batchSize: number;
  readonly batchWindowSeconds: number;
  readonly maximumConcurrency: number | undefined;
  readonly reportsBatchItemFailures: boolean;
}

export interface MappingPorts {
  readonly queue: Queue;
  readonly lambda: Lambda;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly trace: Trace;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
const START_CONCURRENCY = 5;
const MORE_A_MINUTE = 300;
const MOST_CONCURRENCY = 1_250;
/** Lambda stops a chain of its own after so many hops: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html */
const RECURSION_HOPS = 16;
/** Of one event; Lambda needs some of it for what stands around the messages. */
const BATCH_BYTES = 6 * 1024 * 1024;
const RECORD_OVERHEAD_BYTES = 1_000;
/** What one receive brings. */
const MESSAGES_PER_CALL = 10;
/** How long a change of state takes. */
const TRANSITION_MILLISECONDS = { least: 1_000, most: 25_000 } as const;
const RECEIVE_MILLISECONDS = { least: 5, most: 25 } as const;
/** Between two receives for one batch; the second one where the queue gave nothing, though it has something. */
const PAUSE_MILLISECONDS = { collecting: 200, empty: 1_000 } as const;
/** Before a batch that met a throttle is tried again: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html */
const THROTTLE_MILLISECONDS = { first: 500, longest: 10_000 } as const;

/** Lambda's poller of one queue: batches, concurrency that ramps up, partial answers, states. */
export class EventSourceMapping {
  readonly settings: MappingSettings;
  readonly #ports: MappingPorts;
  #state: MappingState = "Enabled";
  #reason = "USER_INITIATED";
  #problem: string | undefined;
  #running = 0;
  #collecting = 0;
  #limit = START_CONCURRENCY;
  /** Whether all pollers had a batch at once since the last minute. */
  #wasBusy = false;
  #failed = false;
  #isWaiting = false;

  constructor(settings: MappingSettings, ports: MappingPorts) {
    this.settings = settings;
    this.#ports = ports;
    ports.clock.every(60_000, () => this.#ramp());
    this.#pull();
  }

  get state(): MappingState {
    return this.#state;
  }

  /** Who made the last change of its state; `PROBLEM: …` where Lambda cannot poll or invoke. */
  get transitionReason(): string {
    return this.#problem === undefined ? this.#reason : `PROBLEM: ${this.#problem}`;
  }

  /** What keeps Lambda from polling: a key, a role, a queue. It stays enabled, and nobody is told. */
  setProblem(problem: string | undefined): void {
    this.#problem = problem;
    this.#ports.trace.add("mapping", this.transitionReason);
    this.#pull();
  }

  /**
   * @param reason AWS may disable it as well: `LAMBDA_INITIATED`
   * @throws {ResourceInUseException} while the last change is still under way
   */
  setEnabled(enabled: boolean, reason = "USER_INITIATED"): void {
    if (this.#state === "Enabling" || this.#state === "Disabling")
      throw new ResourceInUseException({
        $metadata: { httpStatusCode: 400 },
        message: "Cannot update the event source mapping because it is in use.",
      });
    this.#reason = reason;
    if (enabled === (this.#state === "Enabled")) return;
    const { clock, random } = this.#ports;
    this.#change(enabled ? "Enabling" : "Disabling");
    clock.after(random.between(TRANSITION_MILLISECONDS.least, TRANSITION_MILLISECONDS.most), () => {
      this.#change(enabled ? "Enabled" : "Disabled");
      this.#limit = START_CONCURRENCY;
      this.#pull();
    });
  }

  #change(state: MappingState): void {
    this.#state = state;
    this.#ports.trace.add("mapping", state);
  }

  /** Its pollers stop one by one while it is being disabled. */
  get #polls(): boolean {
    return this.#problem === undefined && (this.#state === "Enabled" || this.#state === "Disabling");
  }

  get #most(): number {
    return Math.min(this.#limit, this.settings.maximumConcurrency ?? MOST_CONCURRENCY);
  }

  /** More as long as there is more to do, and little again when there is nothing, or the function fails. */
  #ramp(): void {
    if (this.#wasBusy && !this.#failed) this.#limit = Math.min(MOST_CONCURRENCY, this.#limit + MORE_A_MINUTE);
    else if (this.#running + this.#collecting === 0) this.#limit = START_CONCURRENCY;
    this.#wasBusy = false;
    this.#failed = false;
    this.#pull();
  }

  /** One more poller, where there is room for one, as soon as there is a message. */
  #pull(): void {
    if (!this.#polls || this.#isWaiting) return;
    if (this.#running + this.#collecting >= this.#most) return;
    this.#isWaiting = true;
    this.#ports.queue.whenVisible(() => {
      this.#isWaiting = false;
      if (!this.#polls) return;
      this.#collecting++;
      void this.#poll();
      this.#pull();
    });
  }

  async #poll(): Promise<void> {
    const messages = await this.#collect();
    const { clock, queue } = this.#ports;
    // Another poller was faster, or too many are in flight: those that are visible stay where they are.
    if (messages.length === 0 && queue.depth.visible > 0) await clock.sleep(PAUSE_MILLISECONDS.empty);
    this.#collecting--;
    this.#running++;
    if (messages.length > 0 && this.#running >= this.#limit) this.#wasBusy = true;
    for (const batch of bySize(messages)) await this.#deliver(batch);
    this.#running--;
    this.#pull();
  }

  /** Up to a batch: what one receive brings, or what comes within the batch window. */
  async #collect(): Promise<QueueMessage[]> {
    const { clock, random, queue } = this.#ports;
    await clock.sleep(random.between(RECEIVE_MILLISECONDS.least, RECEIVE_MILLISECONDS.most));
    const { batchSize, batchWindowSeconds } = this.settings;
    const until = clock.now + batchWindowSeconds * 1000;
    const messages: QueueMessage[] = [];
    for (;;) {
      messages.push(...queue.receive(Math.min(MESSAGES_PER_CALL, batchSize - messages.length)));
      const left = until - clock.now;
      if (messages.length === 0 || messages.length >= batchSize || left <= 0) return messages;
      await clock.sleep(Math.min(left, PAUSE_MILLISECONDS.collecting));
    }
  }

  async #deliver(messages: readonly QueueMessage[]): Promise<void> {
    const { functionName, reportsBatchItemFailures } = this.settings;
    const { lambda, queue, trace } = this.#ports;
    const stopped = lambda.find(functionName).allowsRecursion
      ? []
      : messages.filter(({ hops }) => hops >= RECURSION_HOPS);
    if (stopped.length > 0) trace.add("mapping", `recursion stopped: ${stopped.length}`);
    const batch = messages.filter((message) => !stopped.includes(message));
    if (batch.length === 0) return;
    // As they were received: a duplicate that is received meanwhile has a handle of its own.
    const event: SQSEvent = {
      Records: batch.map((message) => toSqsRecord(toSdkMessage(message), queue.settings.arn)),
    };
    const result = await this.#invoke(event, Math.max(...batch.map(({ hops }) => hops)) + 1);
    if (result.kind === "failed") {
      this.#failed = true;
      this.#limit = Math.max(1, this.#limit - 1);
    }
    const ids = event.Records.map(({ messageId }) => messageId);
    const done = new Set(doneOf(result, ids, reportsBatchItemFailures));
    for (const { messageId, receiptHandle } of event.Records)
      if (done.has(messageId)) queue.delete(receiptHandle);
  }

  /** Tried again while there is no concurrency for it, until its messages come again. */
  async #invoke(event: SQSEvent, hops: number): Promise<Invocation> {
    const { lambda, queue, clock, random } = this.#ports;
    const until = clock.now + queue.settings.visibilityTimeoutSeconds * 1000;
    for (let pause: number = THROTTLE_MILLISECONDS.first; ; pause *= 2) {
      const result = await lambda.invoke(this.settings.functionName, event, hops);
      const longest = Math.min(pause, THROTTLE_MILLISECONDS.longest);
      const milliseconds = random.between(longest / 2, longest);
      if (result.kind !== "throttled" || clock.now + milliseconds >= until) return result;
      await clock.sleep(milliseconds);
    }
  }
}

/** Batches that fit into an event, in their order. */
function bySize(messages: readonly QueueMessage[]): QueueMessage[][] {
  const batches: QueueMessage[][] = [];
  let bytes = BATCH_BYTES;
  for (const message of messages) {
    const size = sizeOf(message.body, message.attributes) + RECORD_OVERHEAD_BYTES;
    bytes += size;
    if (bytes > BATCH_BYTES) {
      batches.push([]);
      bytes = size;
    }
    batches.at(-1)?.push(message);
  }
  return batches;
}
