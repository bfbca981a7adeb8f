import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { batch, event, queued, request, SECRET } from "./invocations.ts";
import type { Files } from "./peers.ts";
import type { Used } from "./tally.ts";
import { variablesOf } from "./variables.ts";

/** Milliseconds. */
interface Took {
  readonly cpu: number;
  readonly wall: number;
}

/** What one execution environment told. */
export interface Measured {
  readonly load: Took;
  readonly first: Took;
  /** To the first invocation. */
  readonly answer?: unknown;
  /** One invocation, where many were made. */
  readonly warm?: Took;
  readonly megabytes?: number;
  /** What all of those called together; with none of those, what load and first did. */
  readonly used?: Used;
  /** What they wrote, where somebody asked. */
  readonly written?: string;
}

/** What is other than usual in a run. */
interface Different {
  /** Environment variables. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What {@link Bench.give} was told. @default the function's */
  readonly invocations?: string;
  /** Whether what it writes is kept. */
  readonly written?: boolean;
  /** Bodies of messages that wait on the queue beside what it is handed, while it is measured. @default none */
  readonly backlog?: readonly string[];
}

interface Latency {
  readonly aws?: string;
  readonly destination?: string;
}

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
    const bench = new Bench(aws, folder, port);
    await bench.give("receiver", [request(event(1))]);
    await bench.give("processor", [batch(queued(records))]);
    return bench;
  }

  /** Invocations that come one after the other. */
  async give(name: string, invocations: readonly object[]): Promise<void> {
    await writeFile(join(this.#folder, `${name}.json`), JSON.stringify(invocations));
  }

  async add(name: string, files: Files): Promise<void> {
    await mkdir(join(this.#folder, name), { recursive: true });
    for (const [file, contents] of files) await writeFile(join(this.#folder, name, file), contents);
  }

  /**
   * @param count invocations after the first that are measured together
   * @param different python: the interpreter, where the function is not for Node
   */
  async run(
    name: string,
    of: "receiver" | "processor",
    count = 0,
    different: Different & { readonly python?: string } = {},
  ): Promise<Measured> {
    const { variables = {}, invocations = of, python } = different;
    const [command, runtime, file] =
      python === undefined
        ? [process.execPath, join(import.meta.dirname, "child.mjs"), "index.mjs"]
        : [python, join(import.meta.dirname, "python/child.py"), "index.py"];
    const certificate = join(this.#folder, "ca.pem");
    const log = join(this.#folder, `${name}.log`);
    const output = different.written ? await open(log, "w") : undefined;
    await this.#used();
    const child = spawn(
      command,
      [runtime, join(this.#folder, name, file), join(this.#folder, `${invocations}.json`), String(count)],
      {
        env: {
          ...variablesOf(of, `https://localhost:${this.#port}`),
          ...variables,
          NODE_EXTRA_CA_CERTS: certificate,
          AWS_CA_BUNDLE: certificate,
        },
        stdio: ["ignore", output?.fd ?? "ignore", "inherit", "pipe"],
      },
    );
    const exited = once(child, "exit");
    const channel = child.stdio[3] as Readable & Writable;
    let measured: Measured | undefined;
    let unmeasured = 0;
    for await (const line of createInterface({ input: channel })) {
      measured = JSON.parse(line);
      if (measured !== undefined && !("steady" in measured)) continue;
      unmeasured = (await output?.stat())?.size ?? 0;
      await this.#used(different.backlog);
      channel.write(".");
    }
    await exited;
    await output?.close();
    if (measured?.load === undefined) throw new Error(`${name} ended by itself.`);
    const answer = JSON.stringify(measured.answer ?? null);
    if (!/^null$|"statusCode":200|"batchItemFailures":\[\]/.test(answer))
      throw new Error(`${name}: ${answer}`);
    const written = different.written ? (await readFile(log)).subarray(unmeasured).toString() : "";
    return { ...measured, used: await this.#used(), written };
  }

  /** What was called since the last time. @param backlog what waits on the queue from now on */
  async #used(backlog: readonly string[] = []): Promise<Used> {
    const told = once(this.#aws, "message");
    this.#aws.send(backlog);
    const [used] = (await told) as [Used];
    return used;
  }

  async stop(): Promise<void> {
    this.#aws.disconnect();
    await once(this.#aws, "exit");
    await rm(this.#folder, { recursive: true, force: true });
  }
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
