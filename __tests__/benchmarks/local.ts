import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { LocalRunFacts } from "../../contract/local-run.ts";
import { startLoad } from "./local/load.ts";
import { bytesIn, cpuMilliseconds, processTree } from "./local/processes.ts";

/**
 * Prints how many events a second the local run takes through to their delivery, started as a person starts it, and
 * what it holds of memory, handles and disk on the way: the figures of two marks differ by what grows.
 *
 * `npm run measure -- local 5000` sends fewer.
 */
const EVENTS = Number(process.argv[3] ?? 50_000);
const MARKS = [0.02, 0.1, 0.5, 1].map((share) => Math.round(EVENTS * share));

const root = join(import.meta.dirname, "../..");
const folder = await mkdtemp(join(tmpdir(), "measure-local-"));
const data = join(folder, "data");

const line = (...columns: readonly (string | number)[]) =>
  process.stdout.write(`${columns.map((column) => String(column).padStart(12)).join("")}\n`);

const load = await startLoad();
const args = [
  "start",
  "--",
  "--port",
  "0",
  "--data",
  data,
  "--no-samples",
  "--destination",
  load.destination,
];
const npm = spawn("npm", args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
const ended = once(npm, "exit").then(() => {
  throw new Error("The local run ended by itself.");
});

async function measure(): Promise<void> {
  const said = createInterface({ input: npm.stdout });
  const started = new Promise<void>((resolve) => {
    said.on("line", (text) => {
      if (text.startsWith("curl ")) resolve();
    });
  });
  await Promise.race([started, ended]);
  const { url, pid } = JSON.parse(await readFile(join(data, "run.json"), "utf8")) as LocalRunFacts;
  const parameters = await readFile(join(data, "parameters.json"), "utf8");
  line(
    "events",
    "a second",
    "CPU ms each",
    "of the run",
    "processes",
    "MB",
    "of it main",
    "RSS MB",
    "handles",
    "disk MB",
  );
  await tell(pid, 0, performance.now(), 0);
  const [from, used] = [performance.now(), await cpuMilliseconds(pid)];
  for (const mark of MARKS) {
    await Promise.race([load.deliver(mark, { url: `${url}/webhook`, parameters }), ended]);
    await tell(pid, mark, from, used);
  }
}

async function tell(pid: number, events: number, from: number, used: number): Promise<void> {
  const tree = await processTree(pid);
  const seconds = (performance.now() - from) / 1000;
  const run = (await cpuMilliseconds(pid)) - used;
  const { user, system } = process.cpuUsage(); // the sender's and the destination's
  const each = (milliseconds: number) => (events === 0 ? "" : (milliseconds / events).toFixed(2));
  line(
    events,
    events === 0 ? "" : (events / seconds).toFixed(0),
    each(run + (user + system) / 1000),
    each(run),
    tree.length,
    sum(tree.map(({ megabytes }) => megabytes)),
    sum(tree.slice(0, 1).map(({ megabytes }) => megabytes)),
    sum(tree.map(({ residentMegabytes }) => residentMegabytes)),
    sum(tree.map(({ handles }) => handles)),
    ((await bytesIn(data)) / 1024 ** 2).toFixed(1),
  );
}

function sum(numbers: readonly number[]): string {
  return numbers.reduce((all, each) => all + each, 0).toFixed(0);
}

try {
  await measure();
} finally {
  ended.catch(() => {}); // it is meant to
  npm.kill("SIGINT");
  await once(npm, "exit");
  await load.stop();
  await rm(folder, { recursive: true, force: true });
}
