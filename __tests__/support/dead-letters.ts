import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type MessageAttributeValue, SendMessageCommand } from "@aws-sdk/client-sqs";
import { type DeadLetterReason, toAttributes } from "../../contract/event/dead-letter.ts";
import { LOCAL_RUN_FILE, type LocalRunFacts } from "../../contract/local-run.ts";
import { type StackOutputs, toTerraformOutputs } from "../../contract/outputs.ts";
import type { CommandResult } from "./command.ts";
import { deployedOutputs } from "./deployed.ts";
import { envelopeFor } from "./envelopes.ts";
import { type Cloud, startCloud } from "./fauxqs.ts";
import { runInProcess } from "./in-process.ts";

export interface DeadLetters {
  readonly cloud: Cloud;
  readonly folder: string;
  readonly outputs: StackOutputs;
  /** `--data …`, which leads a command here. */
  readonly place: readonly string[];
  /** Puts an event on the dead-letter queue, as the processor would. */
  put(event: string, reason?: Partial<DeadLetterReason>, eventType?: string): Promise<void>;
  /** Puts any message there. */
  putMessage(body: string, attributes?: Record<string, MessageAttributeValue>): Promise<void>;
  /** `genesys-dlq dlq …` in this process. */
  dlq(...args: string[]): Promise<CommandResult>;
  /** Every message of the dead-letter queue: whether it can be seen, and how often it has been received. */
  state(): {
    readonly id: string;
    readonly body: string;
    readonly visible: boolean;
    readonly receives: number;
  }[];
  reset(): void;
  stop(): Promise<void>;
}

/** Real queues and a bucket (fauxqs), which the command takes for a local run's. */
export async function startDeadLetters(): Promise<DeadLetters> {
  const cloud = await startCloud();
  const folder = await mkdtemp(join(tmpdir(), "dead-letters-"));
  const outputs = outputsOf(cloud);
  const facts: LocalRunFacts = {
    pid: process.pid,
    environment: outputs.environment,
    url: "http://127.0.0.1:1",
    cloudUrl: cloud.endpoint,
    accessKeyId: "test",
    region: outputs.region,
    outputs: toTerraformOutputs(outputs),
  };
  await writeFile(join(folder, LOCAL_RUN_FILE), JSON.stringify(facts));
  const place = ["--data", folder];
  const putMessage: DeadLetters["putMessage"] = async (body, attributes = {}) => {
    await cloud.sqs.send(
      new SendMessageCommand({
        QueueUrl: cloud.deadLetterQueueUrl,
        MessageBody: body,
        MessageAttributes: attributes,
      }),
    );
  };
  return {
    cloud,
    folder,
    outputs,
    place,
    putMessage,
    put: (event, reason, eventType = "conversation:ended") =>
      putMessage(
        envelopeFor(event, { id: `id-${event}`, event_type: eventType }),
        toAttributes({
          class: "exhausted",
          status: 503,
          message: "The destination answered 503.",
          attempts: 5,
          firstAttemptAt: "2026-11-24T08:00:00.000Z",
          lastAttemptAt: "2026-11-24T08:30:00.000Z",
          source: "webhook",
          eventId: `id-${event}`,
          redrives: 0,
          ...reason,
        }),
      ),
    dlq: (...args) => runInProcess(["dlq", ...args, ...place], {}),
    state() {
      const found = cloud.server.inspectQueue("events-dead-letters")?.messages;
      const seen = (visible: boolean) => (message: NonNullable<typeof found>["ready"][number]) => ({
        id: message.messageId,
        body: message.body,
        visible,
        receives: message.approximateReceiveCount,
      });
      return [
        ...(found?.ready ?? []).map(seen(true)),
        ...(found?.inflight ?? []).map(({ message }) => seen(false)(message)),
      ];
    },
    reset: () => cloud.reset(),
    async stop() {
      await cloud.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function outputsOf({ endpoint, queueUrl, deadLetterQueueUrl, bucket }: Cloud): StackOutputs {
  const deployed = deployedOutputs(endpoint);
  return { ...deployed, environment: "test", queueUrl, deadLetterQueueUrl, overflowBucket: bucket, urls: {} };
}
