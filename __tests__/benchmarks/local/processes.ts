import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** What a process holds, as Linux tells. */
export interface Held {
  readonly pid: number;
  /** Of memory, what it shares with others in equal parts: the sum is what the machine misses. */
  readonly megabytes: number;
  /** Of memory, as if it shared nothing. */
  readonly residentMegabytes: number;
  readonly handles: number;
}

/** Of a tick of Linux's clock. */
const TICK_MILLISECONDS = 10;

/** A process and all that it has started, directly or not, which are there now. */
export async function processTree(root: number): Promise<Held[]> {
  const children = new Map<number, number[]>();
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await fieldsOf(Number(name)).catch(() => undefined);
    if (stat === undefined) continue; // it is gone
    const parent = Number(stat[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return Promise.all(found.map(held));
}

/** User and system time of a process and of its children, those that have ended included. */
export async function cpuMilliseconds(root: number): Promise<number> {
  let ticks = 0;
  for (const { pid } of await processTree(root)) {
    const [, , , , , , , , , , , user = "", system = "", ended = "", endedSystem = ""] = await fieldsOf(pid);
    ticks += Number(user) + Number(system) + Number(ended) + Number(endedSystem);
  }
  return ticks * TICK_MILLISECONDS;
}

export async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = entries.map(async ({ parentPath, name }) => {
    const found = await lstat(join(parentPath, name)).catch(() => undefined); // it may be gone by now
    return found?.isFile() ? found.size : 0;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function held(pid: number): Promise<Held> {
  const sizes = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
  const megabytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(sizes)?.[1] ?? 0) / 1024;
  const handles = (await readdir(`/proc/${pid}/fd`)).length;
  return { pid, megabytes: megabytes("Pss"), residentMegabytes: megabytes("Rss"), handles };
}

/** Those behind the name, which may have anything in it: state, parent, … (proc_pid_stat(5)). */
async function fieldsOf(pid: number): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}
