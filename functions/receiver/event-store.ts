import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { defined } from "../../contract/defined.ts";
import type { EnvelopeHead } from "../../contract/event/envelope.ts";
import { messageBytes, type StringAttribute } from "../../contract/event/message-text.ts";
import { objectKey, type SpilledMessage, spillKey, writeSpill } from "../../contract/event/spill.ts";
import { envelopeWithReference } from "../../contract/event/write-envelope.ts";
import { CLAIM_CHECK_PREFIX } from "../../contract/overflow.ts";
import type { NewObject, Objects } from "../runtime/objects.ts";
import { within } from "../runtime/within.ts";
import { fittingEnvelope } from "./oversize.ts";
import { QueueHealth } from "./queue-health.ts";
import type { ReceiverSettings } from "./settings.ts";
import type { TimeLimits } from "./time-limits.ts";

/** Milliseconds for the queue and for the bucket, all attempts together: see `bounds` in receiver.ts. */
const QUEUE_MILLISECONDS = 2_000;
/** Milliseconds for a queue that hung the last time: it answers within a tenth of that when it is well. */
const TRIAL_MILLISECONDS = 500;
const BUCKET_MILLISECONDS = 2_000;

/** An event, ready to be kept: `attributes` are a dead letter's reason, and send it to the dead-letter queue. */
export interface EventToStore {
  readonly head: EnvelopeHead;
  readonly bytes: Buffer;
  readonly attributes?: Record<string, StringAttribute>;
}

/** How an event became durable. */
export interface Stored {
  readonly in: "queue" | "bucket";
  readonly claimChecked: boolean;
  /** Why the queue did not take it, where it lies in the bucket. */
  readonly queueError?: unknown;
}

export interface EventStore {
  /**
   * Resolves when SQS or the bucket has confirmed.
   *
   * @throws when neither took the event, or when it is too big for the queue and the bucket did not take it.
   */
  store(event: EventToStore): Promise<Stored>;
}

export function queueWithOverflow(
  settings: ReceiverSettings,
  sqs: SQSClient,
  objects: () => Promise<Objects>,
  now: () => number,
  limits: TimeLimits = {},
): EventStore {
  const health = new QueueHealth(now);

  function put(object: Omit<NewObject, "bucket">): Promise<void> {
    return within("The overflow bucket", limits.bucket ?? BUCKET_MILLISECONDS, async (signal) =>
      (await objects()).put({ bucket: settings.overflowBucket, ...object }, signal),
    );
  }

  async function send(message: SpilledMessage, milliseconds: number): Promise<void> {
    try {
      await sendWithin(message, limits.queue ?? milliseconds);
      health.answered();
    } catch (error) {
      health.failed(error);
      throw error;
    }
  }

  function sendWithin({ queue, body, attributes }: SpilledMessage, milliseconds: number): Promise<void> {
    const command = new SendMessageCommand({
      QueueUrl: queue === "main" ? settings.queueUrl : settings.deadLetterQueueUrl,
      MessageBody: body,
      ...defined({ MessageAttributes: attributes && { ...attributes } }),
    });
    return within("The queue", milliseconds, async (signal) => {
      await sqs.send(command, { abortSignal: signal });
    });
  }

  async function checkIn({ head, bytes }: EventToStore): Promise<string> {
    const key = objectKey(CLAIM_CHECK_PREFIX, head.id, head.body_sha256, new Date(head.received_at));
    await put({
      key,
      bytes,
      contentType: "application/octet-stream",
      metadata: { "body-sha256": head.body_sha256 },
    });
    return envelopeWithReference(head, { bucket: settings.overflowBucket, key, bytes: bytes.length });
  }

  return {
    async store(event) {
      const { head, bytes, attributes } = event;
      const fits = (envelope: string) => messageBytes(envelope, attributes) <= settings.maxMessageBytes;
      // A dead letter keeps all that came, whatever the configuration says of sound events.
      const onOversize = attributes === undefined ? settings.onOversize : ({ kind: "claim-check" } as const);
      const envelope = fittingEnvelope(head, bytes, onOversize, fits);
      const message: SpilledMessage = {
        queue: attributes === undefined ? "main" : "dead-letter",
        body: envelope ?? (await checkIn(event)),
        ...defined({ attributes }),
      };
      const claimChecked = envelope === undefined;
      const spill = () =>
        put({
          key: spillKey(message.queue, head.id, head.body_sha256, new Date(head.received_at)),
          bytes: Buffer.from(writeSpill(message)),
          contentType: "application/json",
        });
      const next = health.next();
      if (next === "avoid") {
        const isSpilled = await spill().then(
          () => true,
          () => false, // the queue is the only one that is left
        );
        if (isSpilled) return { in: "bucket", claimChecked, queueError: health.lastTimeout };
      }
      try {
        await send(message, next === "try" ? TRIAL_MILLISECONDS : QUEUE_MILLISECONDS);
        return { in: "queue", claimChecked };
      } catch (queueError) {
        if (next === "avoid") throw queueError;
        await spill();
        return { in: "bucket", claimChecked, queueError };
      }
    },
  };
}
