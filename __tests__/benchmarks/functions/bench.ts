import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { envelopeFor } from "../../support/envelopes.ts";
import { httpEvent, signed } from "../../support/lambda-events.ts";
import type { Files } from "./peers.ts";

/** Milliseconds. */
interface Took {
  readonly cpu: number;
  readonly wall: number;
}

/** What one execution environment told. */
export interface Measured {
  readonly load: Took;
  readonly first: Took;
  /** One invocation, where many were made. */
  readonly warm?: Took;
  readonly megabytes?: number;
}

interface Latency {
  readonly aws?: string;
  readonly destination?: string;
}

const SECRET = "measured-signing-secret";

/** AWS and a destination beside execution environments that come and go. */
export class Bench {
  readonly #aws: ChildProcess;
  readonly #folder: string;
  readonly #port: number;

  private constructor(aws: ChildProcess, folder: string, port: number) {
    this.#aws = aws;
    this.#folder = folder;
    this.#port = port;
  }

  /**
   * @param records of one batch
   * @param latency how long AWS and the destination take: milliseconds, `exponential 100` for a mean. @default 0
   */
  static async start(records: number, latency: Latency = {}): Promise<Bench> {
    const aws = fork(join(import.meta.dirname, "aws.ts"), {
      env: {
        ...process.env,
        SECRET,
        AWS_MILLISECONDS: latency.aws ?? "0",
        DESTINATION_MILLISECONDS: latency.destination ?? "0",
      },
      execArgv: ["--disable-warning=ExperimentalWarning"],
    });
    const [{ port, cert }] = (await once(aws, "message")) as [{ port: number; cert: string }];
    const folder = await mkdtemp(join(tmpdir(), "measure-functions-"));
    await writeFile(join(folder, "ca.pem"), cert);
    await writeFile(join(folder, "receiver.json"), JSON.stringify([request()]));
    await writeFile(join(folder, "processor.json"), JSON.stringify([batch(records)]));
    return new Bench(aws, folder, port);
  }

  async add(name: string, files: Files): Promise<void> {
    await mkdir(join(this.#folder, name), { recursive: true });
    for (const [file, contents] of files) await writeFile(join(this.#folder, name, file), contents);
  }

  /** @param count invocations after the first that are measured together */
  async run(name: string, of: "receiver" | "processor", count = 0): Promise<Measured> {
    const args = [join(this.#folder, name, "index.mjs"), join(this.#folder, `${of}.json`), String(count)];
    const child = fork(join(import.meta.dirname, "child.mjs"), args, {
      env: { ...this.#variables(of), NODE_EXTRA_CA_CERTS: join(this.#folder, "ca.pem") },
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const exited = once(child, "exit");
    const [measured] = (await Promise.race([
      once(child, "message"),
      exited.then(() => Promise.reject(new Error(`${name} ended by itself.`))),
    ])) as [Measured & { readonly answer?: unknown }];
    await exited;
    const answer = JSON.stringify(measured.answer ?? null);
    if (!/^null$|"statusCode":200|"batchItemFailures":\[\]/.test(answer))
      throw new Error(`${name}: ${answer}`);
    return measured;
  }

  async stop(): Promise<void> {
    this.#aws.disconnect();
    await once(this.#aws, "exit");
    await rm(this.#folder, { recursive: true, force: true });
  }

  #variables(of: "receiver" | "processor"): Record<string, string> {
    const endpoint = `https://localhost:${this.#port}`;
    const queueUrl = (name: string) => `${endpoint}/000000000000/${name}`;
    return {
      PATH: process.env["PATH"] ?? "",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_REGION: "eu-west-1",
      AWS_ENDPOINT_URL: endpoint,
      ENVIRONMENT: "measured",
      LOG_LEVEL: "INFO",
      QUEUE_URL: queueUrl("events"),
      DEAD_LETTER_QUEUE_URL: queueUrl("dead-letters"),
      OVERFLOW_BUCKET: "bucket",
      MAX_MESSAGE_BYTES: "258048",
      ...(of === "receiver" ? receiverVariables : processorVariables(`${endpoint}/crm`)),
    };
  }
}

const receiverVariables = {
  CORS_ORIGINS: JSON.stringify(["*"]),
  ON_OVERSIZE: JSON.stringify({ kind: "claim-check" }),
  SECRET_REFRESH_SECONDS: "300",
  SOURCES: JSON.stringify([
    {
      source: "webhook",
      retrySpanSeconds: 120,
      authentication: { "": { kind: "signature", encoding: "base64", secretParameter: "/secret" } },
    },
  ]),
};

const processorVariables = (url: string) => ({
  MAX_RECEIVE_COUNT: "5",
  DESTINATION: JSON.stringify({
    kind: "http",
    url,
    timeoutMilliseconds: 5_000,
    maxResponseBytes: 4_096,
    allowPrivateAddresses: true,
  }),
  BACK_OFF: JSON.stringify({ baseSeconds: 30, factor: 4, capSeconds: 900, retryAfterCapSeconds: 3600 }),
  BATCH_CONCURRENCY: "5",
  STATE_TABLE: "state",
  PAUSE_MILLISECONDS: "0",
  IDEMPOTENCY_SECONDS: "86400",
  BREAKER: JSON.stringify({
    failingEvents: 5,
    probeBaseSeconds: 60,
    probeCapSeconds: 900,
    settleSeconds: 120,
  }),
  RECOVERY_FUNCTION: "recovery",
});

const event = (number: number) =>
  Buffer.from(
    JSON.stringify({
      webhookName: "measured",
      webhookId: "w-1",
      eventType: "v2.detail.events.conversation.{id}.customer.end",
      conversationId: "0b6a7f34-5c1e-4c56-9b4e-1f1f6f0a0001",
      number,
      text: "x".repeat(4_000),
    }),
  );

function request(): object {
  const body = event(1);
  return httpEvent({ body: body.toString(), headers: signed(body, SECRET) });
}

function batch(records: number): object {
  return {
    Records: Array.from({ length: records }, (_, number) => ({
      messageId: `m-${number}`,
      receiptHandle: `r-${number}`,
      body: envelopeFor(event(number).toString(), { id: `id-${number}` }),
      attributes: {
        ApproximateReceiveCount: "1",
        SentTimestamp: String(Date.now()),
        ApproximateFirstReceiveTimestamp: String(Date.now()),
        SenderId: "sender",
      },
      messageAttributes: {},
      md5OfBody: "",
      eventSource: "aws:sqs",
      eventSourceARN: "arn:aws:sqs:eu-west-1:000000000000:events",
      awsRegion: "eu-west-1",
    })),
  };
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
