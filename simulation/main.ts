import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { runAll } from "./pool.ts";
import { type RunReport, run } from "./run.ts";
import { scenarioNamed, scenarios } from "./scenarios.ts";
import { readSimulatedStack } from "./stack.ts";
import { type ScenarioSummary, summarise } from "./summary.ts";
import { synthesiseFor } from "./synthesise.ts";
import type { Task } from "./worker.ts";

interface Options {
  readonly scenario?: string;
  readonly seed?: number;
  readonly seeds?: number;
  readonly trace: boolean;
  readonly json: boolean;
}

const EXAMPLES = `
Examples:
  npm run simulate                                       what CI runs
  npm run simulate -- --seeds 1000                       for a night
  npm run simulate -- --scenario operator --seeds 50     one scenario
  npm run simulate -- --scenario operator --seed 7 --trace

Exit codes: 0 as expected; 1 something was lost, or is not as it was promised; 2 wrongly called; 130 Ctrl-C.
What a passed run shows, and what not: docs/simulation.md`;

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) < 1)
    throw new InvalidArgumentError("It has to be a whole number from 1.");
  return Number(text);
}

const command = new Command("npm run simulate --")
  .description(
    "Runs receiver, processor and recovery in virtual time, against models of AWS that refuse and expire.",
  )
  .option("--scenario <name>", scenarios.map(({ name }) => name).join(", "))
  .option("--seed <number>", "one run under this seed, or one of each scenario", whole)
  .option(
    "--seeds <number>",
    "for the scenario that usually has most; the others follow in proportion",
    whole,
  )
  .option("--trace", "print what happens, line by line; needs --seed", false)
  .option("--json", "print the result as JSON", false)
  .addHelpText("after", EXAMPLES)
  .exitOverride();

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => interrupted.abort());

process.exitCode = await main();

async function main(): Promise<number> {
  let options: Options;
  try {
    options = command.parse().opts<Options>();
    if (options.scenario !== undefined && !scenarios.some(({ name }) => name === options.scenario))
      command.error(`error: there is no scenario ${options.scenario}`);
    if (options.trace && options.seed === undefined) command.error("error: --trace needs --seed");
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  const folder = await mkdtemp(join(tmpdir(), "simulation-"));
  try {
    const code = options.seed === undefined ? await many(options, folder) : await one(options, folder);
    return interrupted.signal.aborted ? 130 : code;
  } catch (error) {
    if (interrupted.signal.aborted) return 130;
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function one({ scenario: name, seed = 1, trace, json }: Options, folder: string): Promise<number> {
  let failures = 0;
  for (const scenario of name === undefined ? scenarios : [scenarioNamed(name)]) {
    if (interrupted.signal.aborted) break;
    const stackFile = synthesiseFor(scenario.settings ?? {}, join(folder, scenario.name));
    const print = trace ? (line: string) => void process.stdout.write(`${line}\n`) : undefined;
    const report = await run(scenario, await readSimulatedStack(stackFile), seed, print);
    process.stdout.write(`${json ? JSON.stringify(report) : textOf(report)}\n`);
    if (scenario.fallsShort === undefined) failures += report.failures.length;
  }
  return failures === 0 ? 0 : 1;
}

function textOf({ scenario, seed, judgement, digest, failures }: RunReport): string {
  const { acknowledged, delivered, deadLettered, waiting, stored, lost, duplicates, delaySeconds } =
    judgement;
  return [
    `${scenario}, seed ${seed}, trace ${digest.slice(0, 16)}`,
    `  acknowledged ${acknowledged}: delivered ${delivered}, dead letters ${deadLettered}, waiting ${waiting}, in the bucket ${stored}, lost ${lost.length}`,
    `  duplicates ${duplicates}; seconds to delivery: median ${delaySeconds.median}, 95 % ${delaySeconds.p95}, longest ${delaySeconds.longest}`,
    ...(failures.length === 0 ? ["  as expected"] : failures.map((line) => `  ${line}`)),
  ].join("\n");
}

async function many(options: Options, folder: string): Promise<number> {
  const startedAt = process.hrtime.bigint();
  const chosen = scenarios.filter(({ name, seeds }) =>
    options.scenario === undefined ? seeds > 0 || options.seeds !== undefined : name === options.scenario,
  );
  const tasks = deal(chosen, options.seeds, folder);
  const reports: RunReport[] = [];
  const total = () => reports.reduce((sum, { events }) => sum + events, 0);
  await runAll(
    tasks,
    (report) => {
      reports.push(report);
      if (process.stderr.isTTY)
        process.stderr.write(`\r${reports.length} of ${tasks.length} runs, ${total()} events`);
    },
    interrupted.signal,
  );
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  const summaries = chosen.map((scenario) =>
    summarise(
      scenario,
      reports
        .filter((report) => report.scenario === scenario.name)
        .sort((left, right) => left.seed - right.seed),
    ),
  );
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
  if (options.json) process.stdout.write(`${JSON.stringify({ seconds, summaries })}\n`);
  else process.stdout.write(`${tableOf(summaries)}\n${closing(summaries, seconds)}\n`);
  return summaries.some(({ state }) => state === "failed") ? 1 : 0;
}

/** Every scenario's seeds, the long ones first: they would otherwise run alone at the end. */
function deal(chosen: typeof scenarios, seeds: number | undefined, folder: string): Task[] {
  const most = Math.max(...chosen.map((scenario) => scenario.seeds));
  return chosen.flatMap((scenario) => {
    const stackFile = synthesiseFor(scenario.settings ?? {}, join(folder, scenario.name));
    const count =
      seeds === undefined && scenario.seeds > 0
        ? scenario.seeds
        : Math.max(1, Math.round(((seeds ?? 1) * scenario.seeds) / Math.max(1, most)));
    return Array.from({ length: count }, (_, at) => ({ scenario: scenario.name, seed: at + 1, stackFile }));
  });
}

function tableOf(summaries: readonly ScenarioSummary[]): string {
  const width = Math.max(...summaries.map(({ name }) => name.length));
  const number = (value: number, digits: number) => String(value).padStart(digits);
  return summaries
    .map(({ name, runs, events, faults, lost, state, figure, problems }) => {
      const said = { ok: "ok", short: `falls short, by ${figure} at worst`, failed: "FAILED" }[state];
      const row = `${name.padEnd(width)} ${number(runs, 5)} runs ${number(events, 8)} events ${number(faults, 6)} faults ${number(lost, 6)} lost  ${said}`;
      return [row, ...problems.map((problem) => `  ${problem}`)].join("\n");
    })
    .join("\n");
}

/** The rule of three: no loss in N acknowledged events bounds the rate of loss, in this model of faults, by 3/N at 95 %. */
function closing(summaries: readonly ScenarioSummary[], seconds: number): string {
  const held = summaries.filter(({ figure }) => figure === undefined);
  const sum = (of: (summary: ScenarioSummary) => number, among = summaries) =>
    among.reduce((all, each) => all + of(each), 0);
  const acknowledged = sum((each) => each.acknowledged, held);
  const lost = sum((each) => each.lost, held);
  const bound =
    lost === 0 && acknowledged > 0 ? `: at most 1 in ${Math.floor(acknowledged / 3)}, at 95 %` : "";
  const events = sum((each) => each.events);
  return [
    `${sum((each) => each.runs)} runs, ${events} events in ${seconds.toFixed(0)} s, ${Math.round(events / seconds)} a second`,
    `lost ${lost} of ${acknowledged} acknowledged in the scenarios that hold${bound}`,
  ].join("\n");
}
