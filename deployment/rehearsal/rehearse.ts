import { join } from "node:path";
import { emulatorLimits } from "./emulator-limits.ts";
import { runtimeNote } from "./known-runtime.ts";
import { rehearsePipeline } from "./pipeline.ts";
import { copyProject, foreignState, synthesiseCopy } from "./project.ts";
import { rehearseResources } from "./resources.ts";
import { Runner } from "./run.ts";
import { rehearseSecondDay } from "./second-day/second-day.ts";
import type { Tools } from "./tools.ts";

export interface RehearsalOptions {
  readonly environment: string;
  /** Whether it is one of the rehearsal's own. */
  readonly guarded: boolean;
  /** An empty folder for copies, plans and state. */
  readonly directory: string;
  readonly say: (line: string) => void;
  /** Ends every process that the rehearsal has started. */
  readonly interrupted: AbortSignal;
}

/**
 * All parts of the rehearsal, at the same time: each spends most of it waiting for the provider, which
 * waits 25 s for every attribute of a queue.
 *
 * @throws {Error} when a command fails, or something is not as it has to be
 */
export async function rehearse(tools: Tools, options: RehearsalOptions): Promise<void> {
  const { environment, guarded, directory, say, interrupted } = options;
  const started = Date.now();
  // One part's failure ends the other: nobody waits two minutes for what is lost already.
  const failed = new AbortController();
  const signal = AbortSignal.any([interrupted, failed.signal]);
  const part = (name: string) => new Runner((line) => say(`[${name}] ${line}`), signal);
  const stopAll = (error: Error) => {
    failed.abort(error);
    throw error;
  };
  const second = {
    directory: join(directory, "second-day"),
    say: (line: string) => say(`[second day] ${line}`),
    interrupted: signal,
  };
  const { provider } = tools.terraform;
  const project = await copyProject(join(directory, "project"), provider, guarded);
  const folder = await synthesiseCopy(project, environment, part("all"));
  const foreign = foreignState(folder.stack, project, environment);
  const copy = await copyProject(join(directory, "pipeline"), provider, guarded);
  const parts = await Promise.allSettled([
    rehearseResources(folder, join(directory, "stack"), tools, part("terraform")).catch(stopAll),
    foreign === undefined
      ? rehearsePipeline(environment, folder, copy, tools, part("pipeline")).catch(stopAll)
      : undefined,
    rehearseSecondDay(tools, second).catch(stopAll),
  ]);
  for (const ended of parts) if (ended.status === "rejected") throw ended.reason;

  say(`\n${emulatorLimits(tools.motoVersion, foreign, runtimeNote(provider))}\n`);
  say(`Rehearsal of ${environment}: all as it has to be, ${((Date.now() - started) / 1000).toFixed(0)} s.`);
}
