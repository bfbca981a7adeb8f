import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { App } from "cdktf";
import { buildArtifacts } from "../../infra/build.ts";
import { readConfiguration } from "../../infra/configuration.ts";
import type { EnvironmentInput } from "../../infra/settings.ts";
import { EventPipelineStack } from "../../infra/stack.ts";
import type { LocalRun } from "../../local/run.ts";
import type { FunctionRunEvent, RunEvent } from "../../local/run-events.ts";
import { REPOSITORY } from "./repository.ts";

/** An environment that waits for nothing longer than it must. */
export const quickInput: EnvironmentInput = {
  region: "eu-west-1",
  disposable: true,
  backend: { kind: "local", path: "terraform.test.tfstate" },
  sources: { webhook: { authentication: { kind: "signature" } } },
  destination: { kind: "http", url: "https://destination.example.com/events", timeoutSeconds: 5 },
  processor: { timeoutSeconds: 10, batchConcurrency: 10 },
  queue: { visibilityTimeoutSeconds: 60 },
  backOff: { baseSeconds: 1, factor: 1, capSeconds: 1 },
};

export interface Workshop {
  readonly folder: string;
  /** Synthesises an environment with the real functions; where its `cdk.tf.json` is. */
  synthesise(name: string, input: EnvironmentInput): string;
  stop(): Promise<void>;
}

/** The functions, bundled once, and a folder for stacks and data. */
export async function openWorkshop(): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), "e2e-"));
  const artifacts = await buildArtifacts(REPOSITORY, folder);
  return {
    folder,
    synthesise(name, input) {
      const settings = readConfiguration({ test: input }).environments.get("test");
      if (!settings) throw new Error("no settings");
      const app = new App({ outdir: join(folder, name) });
      new EventPipelineStack(app, "test", settings, artifacts);
      app.synth();
      return join(folder, name, "stacks", "test", "cdk.tf.json");
    },
    stop: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A webhook event as its bytes. */
export function webhookEvent(eventType: string, more: Record<string, unknown> = {}): Buffer {
  return Buffer.from(JSON.stringify({ webhookName: "w", webhookId: "1", eventType, ...more }));
}

/** Posts a body, signed. */
export async function post(run: LocalRun, event: Buffer): Promise<Response> {
  const { url, headers, body } = run.signedRequest(event);
  return fetch(url, { method: "POST", headers, body: new Uint8Array(body) });
}

/** Posts an event, and again for as long as the answer is 503, as Genesys would: a busy machine may be late. */
export async function postUntilTaken(run: LocalRun, event: Buffer): Promise<Response> {
  for (;;) {
    const response = await post(run, event);
    if (response.status !== 503) return response;
  }
}

export function happened(
  what: FunctionRunEvent["what"],
): (runEvent: RunEvent) => runEvent is FunctionRunEvent {
  return (runEvent): runEvent is FunctionRunEvent => runEvent.kind === "event" && runEvent.what === what;
}

/** Takes one message from a queue of the run, by the end of its name. */
export async function takeMessage(run: LocalRun, queue: string) {
  const url = run.stack.queues.find(({ name }) => name.endsWith(queue))?.url;
  const { Messages: messages = [] } = await run.cloud.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 5, MessageAttributeNames: ["All"] }),
  );
  return messages[0];
}
