import { join } from "node:path";
import type { EnvironmentInput } from "../../infra/settings.ts";
import { type LocalRun, type LocalRunOptions, startLocal } from "../../local/run.ts";
import { startDestination, type TestDestination } from "./destination.ts";
import { History } from "./history.ts";
import { forAllTests, START_MILLISECONDS, standIn } from "./hooks.ts";
import { openWorkshop, quickInput, type Workshop } from "./local-run.ts";
import { PermissionUse } from "./permission-use.ts";

/** A run as tests see it: with its past. */
export type TestRun = LocalRun & { readonly runEvents: History; readonly permissions: PermissionUse };

export interface TestRunOptions
  extends Pick<LocalRunOptions, "scheduleEverySeconds" | "alarmPeriodSeconds" | "dataDirectory"> {
  /** @default `quickInput` */
  readonly input?: EnvironmentInput;
  /** @default the input, synthesised */
  readonly stackFile?: string;
  /** @default true: the processor delivers to the bench's destination; otherwise as synthesised */
  readonly delivers?: boolean;
}

/** Local runs, one after the other, and what they need. */
export interface LocalBench {
  readonly workshop: Workshop;
  readonly destination: TestDestination;
  /** The run that was started last. */
  readonly run: TestRun;
  /** Its data folder. */
  readonly data: string;
  /** Stops the run that there is, and starts another, with a data folder of its own where none is given. */
  start(options?: TestRunOptions): Promise<TestRun>;
  /** Stops the run, and starts it again with its data. */
  restart(): Promise<TestRun>;
}

/**
 * For the tests of a file, or of a `describe`, which start their runs themselves; all is stopped after them. What is
 * returned can be taken apart, but for `data`.
 */
export function localBench(): LocalBench {
  const bench = forAllTests(openBench);
  return {
    workshop: standIn(() => bench.workshop),
    destination: standIn(() => bench.destination),
    run: standIn(() => bench.run),
    get data() {
      return bench.data;
    },
    start: (options) => bench.start(options),
    restart: () => bench.restart(),
  };
}

/** The same with one run, started before the tests. */
export function localRun(options: TestRunOptions = {}): LocalBench {
  const bench = localBench();
  beforeAll(() => bench.start(options), START_MILLISECONDS);
  return bench;
}

async function openBench(): Promise<LocalBench & { stop(): Promise<void> }> {
  const [workshop, destination] = await Promise.all([openWorkshop(), startDestination()]);
  const stacks = new Map<EnvironmentInput, string>();
  const stackOf = (input: EnvironmentInput) => {
    const file = stacks.get(input) ?? workshop.synthesise(`stack-${stacks.size}`, input);
    stacks.set(input, file);
    return file;
  };
  let runs = 0;
  let last: { readonly run: TestRun; readonly options: TestRunOptions; readonly data: string } | undefined;
  const started = () => {
    if (last === undefined) throw new Error("No run has been started.");
    return last;
  };
  const start = async (options: TestRunOptions = {}) => {
    await last?.run.stop();
    const { input = quickInput, stackFile = stackOf(input), delivers = true, ...more } = options;
    const data = options.dataDirectory ?? join(workshop.folder, `data-${runs++}`);
    const to = delivers ? { destination: destination.url } : {};
    const run = await startRun({ ...more, ...to, stackFile, dataDirectory: data });
    last = { run, options, data };
    return run;
  };
  return {
    workshop,
    destination,
    start,
    restart: () => start({ ...started().options, dataDirectory: started().data }),
    get run() {
      return started().run;
    },
    get data() {
      return started().data;
    },
    async stop() {
      await last?.run.stop();
      await destination.stop();
      await workshop.stop();
    },
  };
}

async function startRun(options: LocalRunOptions): Promise<TestRun> {
  const runEvents = new History();
  const permissions = new PermissionUse();
  const run = await startLocal({ ...options, runEvents, onAllowed: permissions.add });
  return Object.assign(run, { runEvents, permissions });
}
