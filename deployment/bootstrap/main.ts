import { createInterface } from "node:readline/promises";
import { S3Client } from "@aws-sdk/client-s3";
import { Command, CommanderError } from "commander";
import { readConfiguration } from "../../infra/configuration.ts";
import { environments } from "../../infra/environments.ts";
import { BootstrapError } from "./bootstrap-error.ts";
import { establish, inspect, type Step } from "./state-bucket.ts";

interface BootstrapOptions {
  readonly yes: boolean;
  readonly dryRun: boolean;
}

const say = (line: string) => process.stdout.write(`${line}\n`);
const complain = (line: string) => process.stderr.write(`${line}\n`);

const command = new Command("npm run bootstrap --")
  .description(
    "Creates the S3 bucket for the Terraform state of an environment, or puts one right that exists.",
  )
  .argument("<environment>", Object.keys(environments).join(", "))
  .option("--yes", "do not ask", false)
  .option("--dry-run", "say what would be done, and do nothing", false)
  .addHelpText(
    "after",
    "\nIt can be run again at any time. Exit codes: 0 done, 1 not done, 2 wrongly called.",
  )
  .exitOverride()
  .action(async (environment: string, options: BootstrapOptions) => {
    process.exitCode = await bootstrap(environment, options);
  });

try {
  await command.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof BootstrapError) {
    complain(error.message);
    process.exitCode = 1;
  } else throw error;
}

async function bootstrap(environment: string, options: BootstrapOptions): Promise<number> {
  const settings = readConfiguration(environments).environments.get(environment);
  if (settings === undefined) {
    const known = Object.keys(environments).join(", ");
    return command.error(`There is no environment "${environment}". There are: ${known}.`);
  }
  const { backend } = settings;
  if (backend.kind === "local") {
    say(`${environment} keeps its state in ${backend.path}: there is nothing to create.`);
    return 0;
  }
  const s3 = new S3Client({ region: backend.region });
  try {
    const steps = await inspect(s3, backend);
    say(`State bucket of ${environment}: ${backend.bucket}`);
    for (const step of steps) say(line(step, step.holds ? "as it should be" : "missing"));
    if (steps.every(({ holds }) => holds)) return 0;
    if (options.dryRun) {
      say("Nothing was changed (--dry-run).");
      return 0;
    }
    if (!options.yes && !(await agreed())) return 1;
    await establish(steps, backend, (step) => say(line(step, "done")));
    return 0;
  } finally {
    s3.destroy();
  }
}

function line({ name, purpose }: Step, state: string): string {
  return `  ${name.padEnd(14)} ${state.padEnd(16)} ${purpose}`;
}

async function agreed(): Promise<boolean> {
  if (!process.stdin.isTTY) {
    complain("Nothing was changed: there is nobody to ask. Add --yes.");
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question("Put this right? [y/N] ");
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
