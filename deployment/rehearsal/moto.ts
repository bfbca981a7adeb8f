import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { defined } from "../../contract/defined.ts";

const launcher = fileURLToPath(new URL("./moto_server.py", import.meta.url));
const START_MILLISECONDS = 60_000;

/** A moto server of our own: its address, and how it ends. */
export interface Moto {
  readonly endpoint: string;
  /** The process id, for whoever wants to look. */
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** The version of moto that this machine's python3 imports, or what is missing. */
export function findMoto(): { readonly version: string } | { readonly missing: string } {
  const asked = spawnSync("python3", ["-c", "import moto, moto.server; print(moto.__version__)"], {
    encoding: "utf8",
  });
  if (asked.error) return { missing: "python3 is not on the PATH" };
  if (asked.status !== 0) return { missing: "python3 has no moto server (pip install 'moto[server]')" };
  return { version: asked.stdout.trim() };
}

/**
 * Starts moto on a free port of the loopback interface and waits until it answers.
 *
 * @param callsFile where it notes each call that it gets (calls.ts)
 * @throws {Error} with moto's last words when it ends or stays silent.
 */
export async function startMoto(callsFile?: string): Promise<Moto> {
  const port = await freePort();
  const child = spawn("python3", [launcher, "--host", "127.0.0.1", "--port", String(port)], {
    // The pipe is held open, never written to: moto ends when it closes. A process group of its own, so
    // that a terminal's Ctrl-C does not end moto while Terraform still talks to it.
    stdio: ["pipe", "ignore", "pipe"],
    detached: true,
    // Compiled Python has no place beside the sources.
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", ...defined({ CALLS_FILE: callsFile }) },
  });
  const lastWords = keepTail(child);
  const moto = {
    endpoint: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    stop: () => end(child),
  };
  try {
    await untilAnswering(moto.endpoint, child);
  } catch (error) {
    await moto.stop();
    throw new Error(`moto did not start: ${(error as Error).message}\n${lastWords()}`);
  }
  return moto;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("The system gave no port.");
  return address.port;
}

async function untilAnswering(endpoint: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_MILLISECONDS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`);
    const answer = await fetch(`${endpoint}/moto-api/`).catch(() => undefined);
    if (answer?.ok) return;
    await pause(100);
  }
  throw new Error(`no answer within ${START_MILLISECONDS / 1000} s`);
}

/** moto logs each request: only the end is worth keeping, for the day it dies. */
function keepTail(child: ChildProcess): () => string {
  let tail = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    tail = (tail + text).slice(-4000);
  });
  return () => tail;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, "exit");
  process.kill(-child.pid, "SIGKILL");
  await ended;
}
