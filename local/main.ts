import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import pico from "picocolors";
import { listenForLocalRun } from "../console/server/local-run.ts";
import { defined } from "../contract/defined.ts";
import { explainDisk } from "../contract/explain-disk.ts";
import { LOCAL_DATA_FOLDER } from "../contract/local-run.ts";
import { nearest } from "../contract/nearest.ts";
import { terminalText } from "../contract/plain-text.ts";
import { lockFolder } from "./data/lock.ts";
import { foreignIn } from "./data/private-folder.ts";
import { deliversOverHttp } from "./destination.ts";
import { type RunOptions, readOptions } from "./options.ts";
import { whenParentIsGone } from "./parent.ts";
import { CodeReload } from "./reload/code-reload.ts";
import { report } from "./reporter.ts";
import { type LocalRun, startLocal } from "./run.ts";
import { runtimeNote } from "./runtime-note.ts";
import { startSampleDestination } from "./sample-destination.ts";
import { sampleEvent, unprocessableEvent } from "./samples.ts";
import { asCurl, sourcesOf } from "./signed-request.ts";
import { latestSynthesis } from "./synthesis/latest-synthesis.ts";

const ROOT = join(import.meta.dirname, "..");

/** Lines of one turn, written at once: several events a millisecond would wait for the terminal otherwise. */
let unwritten = "";

function print(text: string): void {
  if (unwritten === "") setImmediate(writeLines);
  unwritten += `${text}\n`;
}

function writeLines(): void {
  const text = unwritten;
  unwritten = "";
  process.stdout.write(text);
}

/** The run, its sample destination and its console included: what has to be stopped. */
interface Running {
  readonly run: LocalRun;
  /** Where its console is, with the token. */
  readonly consoleUrl: string;
  readonly stop: (graceMilliseconds?: number) => Promise<void>;
}

async function start(options: RunOptions): Promise<Running> {
  if (options.fresh) await forget(options.data);
  if (options.stack === undefined) print(`Starting the ${options.environment} stack…`);
  const sourceMaps = options.stack === undefined ? await mkdtemp(join(tmpdir(), "genesys-maps-")) : undefined;
  const [stackFile, sample] = await Promise.all([
    options.stack ?? synthesised(options.environment, sourceMaps),
    options.destination === undefined ? startSampleDestination() : undefined,
  ]);
  try {
    const destination = options.destination ?? sample?.url;
    process.umask(0o077); // what the run and its functions write from now on is their owner's alone
    const run = await startLocal({
      stackFile,
      dataDirectory: options.data,
      port: options.port,
      ...defined({
        destination,
        sourceMaps,
        alarmPeriodSeconds: options.alarmPeriod,
        scheduleEverySeconds: options.scheduleEvery,
      }),
    });
    const usual = join(LOCAL_DATA_FOLDER, options.environment);
    const data = shown(options.data) === usual ? undefined : shown(options.data);
    run.runEvents.on((runEvent) => {
      const line = report(runEvent, new Date(), pico, data);
      if (line !== undefined) print(terminalText(line, pico.isColorSupported));
    });
    const page = await listenForLocalRun(options.data);
    run.runEvents.on(() => page.changed("state"));
    const { environment } = options;
    const reload =
      sourceMaps === undefined ? undefined : await watchCode(run, { stackFile, environment, sourceMaps });
    const stop = async (graceMilliseconds?: number) => {
      await page.stop();
      await reload?.stop();
      await run.stop(graceMilliseconds);
      await sample?.stop();
      if (sourceMaps !== undefined) await rm(sourceMaps, { recursive: true, force: true });
    };
    return { run, consoleUrl: page.url, stop };
  } catch (error) {
    await sample?.stop();
    if (sourceMaps !== undefined) await rm(sourceMaps, { recursive: true, force: true });
    throw error;
  }
}

/**
 * The `cdk.tf.json` of an environment as the checkout would synthesise it now; warnings are for the person at the
 * terminal.
 *
 * @param sourceMaps a folder that gets the functions' source maps
 */
async function synthesised(
  environment: string,
  sourceMaps: string | undefined,
  interrupted?: AbortSignal,
): Promise<string> {
  const synthesis = await latestSynthesis(ROOT, process.env, interrupted);
  if (interrupted === undefined) process.stderr.write(synthesis.warnings);
  if (sourceMaps !== undefined) await cp(synthesis.sourceMaps, sourceMaps, { recursive: true });
  const stacks = join(synthesis.folder, "stacks");
  const names = await readdir(stacks);
  if (names.includes(environment)) return join(stacks, environment, "cdk.tf.json");
  const meant = nearest(environment, names);
  const question = meant === undefined ? "" : ` Did you mean ${meant}?`;
  throw new Error(
    `There is no environment "${environment}".${question} There are: ${names.sort().join(", ")} (infra/environments.ts).`,
  );
}

interface WatchedCode {
  readonly stackFile: string;
  readonly environment: string;
  readonly sourceMaps: string;
}

/** Has the run take changed code without a restart. */
function watchCode(run: LocalRun, { stackFile, environment, sourceMaps }: WatchedCode): Promise<CodeReload> {
  return CodeReload.start({
    stackFile,
    folders: ["functions", "contract", "infra"].map((room) => join(ROOT, room)),
    synthesise: (interrupted) => synthesised(environment, sourceMaps, interrupted),
    useCode: (functionName, zip) => run.useCode(functionName, zip),
    runEvents: run.runEvents,
  });
}

/** Deletes an earlier run's data, unless that run is still there, or more than its data. */
async function forget(folder: string): Promise<void> {
  const foreign = await foreignIn(folder);
  if (foreign !== undefined) {
    throw new Error(`${folder} holds what no run has put there (${foreign}). --fresh deletes nothing of it.`);
  }
  await lockFolder(folder).then(
    () => rm(folder, { recursive: true, force: true }),
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error; // there is nothing to forget
    },
  );
}

function introduce(
  { run: { url, ...run }, consoleUrl }: Running,
  { environment, data, destination }: RunOptions,
): void {
  const webhook = sourcesOf(run.stack).some(({ source }) => source === "webhook");
  print(`${pico.bold(url)}  the ${environment} stack, as synthesised`);
  for (const { routeKey } of run.stack.routes) print(`  ${routeKey}`);
  for (const { busName } of run.stack.eventRules) print(`  PutPartnerEvents ${busName} at ${run.cloud.url}`);
  const named = destination ?? "a sample destination that is out of order for its first 3 s";
  print(`  delivers to ${deliversOverHttp(run.stack) ? named : "the team's own handlers"}`);
  print(`  keeps its data in ${shown(data)}, the functions' logs in ${shown(join(data, "logs"))}`);
  const note = runtimeNote(run.stack, process.versions.node);
  if (note !== undefined) print(`  ${note}`);
  print(`\n${pico.bold(consoleUrl)}  the console: what becomes of each event`);
  if (webhook) print("\nA request that it accepts:\n");
}

function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith("..") ? path : near;
}

/** Sent like anybody else's: over HTTP, signed. */
async function sendSamples(run: LocalRun): Promise<void> {
  const overHttp = deliversOverHttp(run.stack);
  for (const event of [sampleEvent(overHttp), unprocessableEvent(overHttp)]) {
    const { url, headers, body } = run.signedRequest(event, "webhook");
    // As Genesys would: a machine that is very busy may still be late once.
    for (let tries = MOST_TRIES; tries > 0; tries--) {
      const { status } = await fetch(url, { method: "POST", headers, body });
      if (status !== 503) break;
    }
  }
}

const MOST_TRIES = 5;

async function main(): Promise<void> {
  const options = readOptions(process.argv);
  process.on("exit", writeLines);
  const starting = start(options);
  let signals = 0;
  const onSignal = async () => {
    signals++;
    if (signals === 1) print("\nStopping: running invocations finish first.");
    try {
      await (await starting).stop(signals === 1 ? undefined : 0);
    } finally {
      process.exit(0);
    }
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  if (options.parent !== undefined) {
    whenParentIsGone(options.parent, () => {
      process.stdout.on("error", () => {}); // nobody may be left who reads it
      void onSignal();
    });
  }

  try {
    const running = await starting;
    const { run, stop } = running;
    if (options.destination !== undefined && !deliversOverHttp(run.stack)) {
      await stop();
      throw new Error("The stack delivers to the team's own handlers: --destination replaces nothing there.");
    }
    await run.prepare();
    introduce(running, options);
    if (!sourcesOf(run.stack).some(({ source }) => source === "webhook")) return;
    print(`${asCurl(run.signedRequest(sampleEvent(deliversOverHttp(run.stack)), "webhook"))}\n`);
    if (options.samples) {
      print(
        "Two samples follow. The second is meant to end as a dead letter, to show what that looks like.\n",
      );
      await sendSamples(run);
    }
  } catch (error) {
    if (signals > 0) return; // it was asked to stop
    process.stderr.write(`${explainDisk(error)?.join("\n") ?? (error as Error).message}\n`);
    process.exit(1);
  }
}

await main();
