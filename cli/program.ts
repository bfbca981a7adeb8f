import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { refuseBlankValues } from "../contract/blank-values.ts";
import { GENESYS_DLQ } from "../contract/command-line.ts";
import { exitCodeHelp } from "./exit-codes.ts";

/**
 * The groups of commands, by the word that each adds. Completion follows from this tree. How to add a command:
 * docs/CONTRIBUTING.md
 */
const groups: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  doctor: async () => (await import("./commands/doctor.ts")).addDoctor,
  dlq: async () => (await import("./commands/dlq.ts")).addDlq,
  events: async () => (await import("./commands/events.ts")).addEvents,
  tail: async () => (await import("./commands/tail.ts")).addTail,
  breaker: async () => (await import("./commands/breaker.ts")).addBreaker,
  console: async () => (await import("./commands/console.ts")).addConsole,
  send: async () => (await import("./commands/send.ts")).addSend,
  secret: async () => (await import("./commands/secret.ts")).addSecret,
  genesys: async () => (await import("./commands/genesys/genesys.ts")).addGenesys,
  forecast: async () => (await import("./commands/forecast.ts")).addForecast,
  plan: async () => (await import("./commands/plan.ts")).addPlan,
  "role-policy": async () => (await import("./commands/role-policy.ts")).addRolePolicy,
  bootstrap: async () => (await import("./commands/bootstrap.ts")).addBootstrap,
  completion: async () => (await import("./commands/completion.ts")).addCompletion,
  "completion-ids": async () => (await import("./commands/completion-ids.ts")).addCompletionIds,
};

const IN_THE_CHECKOUT = `
genesys-dlq stands for: ${GENESYS_DLQ}`;

const EXAMPLES = `
  genesys-dlq doctor                               whether the local run is well, and what to do if not
  genesys-dlq dlq stats                            why events are in the dead-letter queue of the local run
  genesys-dlq dlq stats --environment production   of an environment that is deployed
  genesys-dlq events show 3f1c9a7b                 what has become of one event, and what happens next
  genesys-dlq breaker status --json                for a script
  genesys-dlq plan production                      what a deployment would change`;

/** Columns of help that goes to no terminal. */
const UNKNOWN_WIDTH = 110;

/**
 * @param words the command line: loading what it does not name, and the AWS clients of that, would take most of
 *   a short command's time. Where it names no command, or wants to know them all, all are there.
 */
export async function createProgram(words: readonly string[] = []): Promise<Command> {
  const program = new Command("genesys-dlq")
    .description("Deploys and operates the event pipeline: an environment, or the local run.")
    .version(versionHere(), "--version", "the version of this checkout")
    .option("-e, --environment <name>", "an environment that is deployed; with --local, the local run of it")
    .option(
      "--outputs <file>",
      "its outputs, as written by cdktf deploy --outputs-file (default: asks Terraform)",
    )
    .option("--local", "use the local run")
    .option("--data <folder>", "the local run that keeps its data there")
    .option("--region <name>", "AWS region (default: as deployed)")
    .option("--profile <name>", "AWS profile")
    .option("--json", "JSON on stdout, and nothing else there; an error is one line of JSON on stderr")
    .option("-y, --yes", "answer every question with yes")
    .option("--no-color", "no colours (nor with NO_COLOR, nor where there is no terminal)")
    .addHelpText("after", `${IN_THE_CHECKOUT}\n\nExamples:${EXAMPLES}\n\n${exitCodeHelp()}`)
    .showSuggestionAfterError()
    .showHelpAfterError("(add --help for help)")
    .configureHelp({ showGlobalOptions: true, helpWidth: process.stdout.columns ?? UNKNOWN_WIDTH })
    .exitOverride();
  for (const name of groupsNamedIn(words)) (await groups[name]?.())?.(program);
  refuseBlankValues(program, (message) => new InvalidArgumentError(message));
  return program;
}

function versionHere(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

function groupsNamedIn(words: readonly string[]): readonly string[] {
  const all = Object.keys(groups);
  const named = all.filter((name) => words.includes(name));
  return named.length === 0 || named.includes("completion") ? all : named;
}
