import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { RunReport } from "./run.ts";
import type { Task } from "./worker.ts";

interface Answer {
  readonly report?: RunReport;
  readonly error?: string;
}

/**
 * Runs tasks in as many processes as there are cores: a run has its process for itself, for the clock is
 * everybody's.
 *
 * @param onReport told of each run as it ends
 * @param signal ends the processes, and the promise with its reason
 */
export async function runAll(
  tasks: readonly Task[],
  onReport: (report: RunReport) => void,
  signal: AbortSignal,
): Promise<void> {
  const waiting = [...tasks];
  const workers = Array.from({ length: Math.min(availableParallelism(), tasks.length) }, () =>
    fork(join(import.meta.dirname, "worker.ts"), { execArgv: ["--disable-warning=ExperimentalWarning"] }),
  );
  try {
    await Promise.all(workers.map((worker) => work(worker, waiting, onReport, signal)));
  } finally {
    for (const worker of workers) worker.kill("SIGKILL"); // it holds nothing
  }
}

async function work(
  worker: ChildProcess,
  waiting: Task[],
  onReport: (report: RunReport) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
    const { report, error } = await ask(worker, task, signal);
    if (report === undefined) throw new Error(`${task.scenario}, seed ${task.seed}: ${error}`);
    onReport(report);
  }
}

function ask(worker: ChildProcess, task: Task, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stop = () => end(() => reject(signal.reason));
    const exited = () =>
      end(() => reject(new Error(`${task.scenario}, seed ${task.seed}: the process has ended`)));
    const end = (finish: () => void) => {
      signal.removeEventListener("abort", stop);
      worker.off("message", answered).off("exit", exited);
      finish();
    };
    const answered = (answer: unknown) => end(() => resolve(answer as Answer));
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener("abort", stop);
    worker.once("message", answered).once("exit", exited);
    worker.send(task);
  });
}
