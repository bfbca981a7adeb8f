import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { REPOSITORY } from "../../support/repository.ts";
import { HELP, readOptions } from "./options.ts";
import { report } from "./report.ts";
import { installed } from "./tools.ts";
import { COPIES, environmentFor, forgetPlan, Journal, type Run, readPlan } from "./work.ts";

const CONFIGURATION = "__tests__/mutations/library/stryker.config.mjs";

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => {}); // StrykerJS gets it too, and ends

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), rooms());
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const script = installed();
  const journal = new Journal(options);
  journal.open(options);
  forgetPlan(options);
  const code = await runLibrary(script, options);
  const plan = readPlan(options);
  if (plan === undefined) return code === 130 ? 130 : 2;
  const { lines, isEnough } = report(journal.read(), plan, options);
  process.stdout.write(`\n${lines.join("\n")}\n`);
  if (code !== 0) return code === 130 ? 130 : 2;
  return isEnough ? 0 : 1;
}

/** @returns its exit code; 130 where a signal has ended it */
async function runLibrary(script: string, run: Run): Promise<number> {
  const child = spawn(process.execPath, [script, "run", CONFIGURATION], {
    cwd: REPOSITORY,
    env: environmentFor(run),
    stdio: "inherit",
  });
  const [code] = (await once(child, "close")) as [number | null];
  await rm(join(REPOSITORY, COPIES), { recursive: true, force: true, maxRetries: 5 }); // it leaves them behind at Ctrl-C
  return code ?? 130;
}

function rooms(): string[] {
  const folders = readdirSync(join(REPOSITORY, "functions"), { withFileTypes: true });
  return ["contract", ...folders.filter((each) => each.isDirectory()).map(({ name }) => `functions/${name}`)];
}
