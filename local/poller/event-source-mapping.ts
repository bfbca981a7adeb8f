import { setTimeout as pause } from "node:timers/promises";
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { toSqsRecord } from "../../contract/sqs-record.ts";
import type { InvocationResult } from "../lambda/invocation-result.ts";
import type { MappingModel } from "../stack/model.ts";
import { failedMessages } from "./response.ts";

export interface MappingPorts {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly invoke: (event: unknown) => Promise<InvocationResult>;
  /** After each batch: how many messages there were, and how many come again. */
  readonly onBatch: (batch: { readonly size: number; readonly failed: number }) => void;
  /** The queue did not answer; polling goes on. */
  readonly onError: (error: unknown) => void;
}

export type MappingState = "Enabled" | "Disabling" | "Disabled";

/** SQS's own bound on one call. */
const MESSAGES_PER_CALL = 10;
/** Seconds of a long poll. Short, for a poll has to end before the mapping is at rest. */
const WAIT_SECONDS = 1;
/** Batches at a time without a `maximum_concurrency`: Lambda begins with as many, and adds more. */
const DEFAULT_CONCURRENCY = 5;
/** Milliseconds until the queue is asked again after it did not answer. */
const PAUSE_MILLISECONDS = 500;

/** Lambda's poller: takes batches from a queue, invokes the function, deletes what succeeded. */
export class EventSourceMapping {
  readonly model: MappingModel;
  readonly #ports: MappingPorts;
  readonly #running = new Set<Promise<void>>();
  #polling: Promise<void> | undefined;
  #enabled = false;
  #wake: (() => void) | undefined;

  constructor(model: MappingModel, ports: MappingPorts) {
    this.model = model;
    this.#ports = ports;
  }

  /** As Lambda calls it. */
  get state(): MappingState {
    if (this.#enabled) return "Enabled";
    return this.#polling ? "Disabling" : "Disabled";
  }

  /** Starts polling. */
  enable(): void {
    this.#enabled = true;
    this.#polling ??= this.#poll().finally(() => {
      this.#polling = undefined;
      if (this.#enabled) this.enable(); // enabled again before the last poll had ended
    });
  }

  /** Stops polling, and returns when no poll is under way any more. Running invocations go on. */
  async disable(): Promise<void> {
    this.#enabled = false;
    this.#wake?.();
    await this.#polling;
  }

  /** Stops polling, and waits for the running invocations. */
  async stop(): Promise<void> {
    await this.disable();
    await Promise.all(this.#running);
  }

  async #poll(): Promise<void> {
    const limit = this.model.maximumConcurrency ?? DEFAULT_CONCURRENCY;
    while (this.#enabled) {
      if (this.#running.size >= limit) {
        await this.#sleep(Promise.race(this.#running));
        continue;
      }
      try {
        const messages = await this.#gather();
        if (messages.length > 0) this.#start(messages);
      } catch (error) {
        this.#ports.onError(error);
        await this.#sleep(pause(PAUSE_MILLISECONDS));
      }
    }
  }

  /** Up to a batch: what one call brings, or what comes within the batch window. */
  async #gather(): Promise<Message[]> {
    const { batchSize, batchWindowSeconds } = this.model;
    const messages = await this.#receive(batchSize, WAIT_SECONDS);
    const until = Date.now() + batchWindowSeconds * 1000;
    while (messages.length > 0 && messages.length < batchSize && this.#enabled) {
      const seconds = Math.ceil((until - Date.now()) / 1000);
      if (seconds <= 0) break;
      try {
        messages.push(...(await this.#receive(batchSize - messages.length, Math.min(seconds, WAIT_SECONDS))));
      } catch (error) {
        this.#ports.onError(error); // what is at hand goes on its way
        break;
      }
    }
    return messages;
  }

  async #receive(count: number, seconds: number): Promise<Message[]> {
    const { Messages: messages = [] } = await this.#ports.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#ports.queueUrl,
        MaxNumberOfMessages: Math.min(count, MESSAGES_PER_CALL),
        WaitTimeSeconds: seconds,
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      }),
    );
    return messages;
  }

  #start(messages: Message[]): void {
    const batch = this.#deliver(messages)
      .catch((error: unknown) => this.#ports.onError(error)) // they come again by the queue's visibility
      .finally(() => this.#running.delete(batch));
    this.#running.add(batch);
  }

  async #deliver(messages: readonly Message[]): Promise<void> {
    const records = messages.map((message) => toSqsRecord(message, this.model.queueArn));
    const answer = await this.#ports.invoke({ Records: records });
    const ids = records.map(({ messageId }) => messageId);
    const failed = failedMessages(answer, ids, this.model.reportsBatchItemFailures);
    const done = records.filter(({ messageId }) => !failed.has(messageId));
    for (const { entries } of calls(done.map(({ receiptHandle }) => receiptHandle))) {
      const input = { QueueUrl: this.#ports.queueUrl, Entries: entries };
      await this.#ports.sqs.send(new DeleteMessageBatchCommand(input));
    }
    this.#ports.onBatch({ size: records.length, failed: failed.size });
  }

  async #sleep(until: Promise<unknown>): Promise<void> {
    await Promise.race([until, new Promise<void>((resolve) => (this.#wake = resolve))]);
    this.#wake = undefined;
  }
}

/** Receipt handles, as many to a call as SQS takes. */
function calls(handles: readonly string[]) {
  const all = handles.map((ReceiptHandle, i) => ({ Id: String(i), ReceiptHandle }));
  return Array.from({ length: Math.ceil(all.length / MESSAGES_PER_CALL) }, (_, i) => ({
    entries: all.slice(i * MESSAGES_PER_CALL, (i + 1) * MESSAGES_PER_CALL),
  }));
}
