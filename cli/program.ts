import { Command } from "commander";

/**
 * The groups of commands, by the word that each adds. Completion follows from this tree. How to add a command:
 * docs/CONTRIBUTING.md
 */
const groups: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  doctor: async () => (await import("./commands/doctor.ts")).addDoctor,
  dlq: async () => (await import("./commands/dlq.ts")).addDlq,
  breaker: async () => (await import("./commands/breaker.ts")).addBreaker,
  send: async () => (await import("./commands/send.ts")).addSend,
  secret: async () => (await import("./commands/secret.ts")).addSecret,
  genesys: async () => (await import("./commands/genesys/genesys.ts")).addGenesys,
  completion: async () => (await import("./commands/completion.ts")).addCompletion,
};

const EXIT_CODES = `
Exit codes:
  0    done
  1    failed: the message says what happened, and what to do
  2    the command line is wrong, or lacks something
  3    done, but something is left that wants a person
  130  interrupted by Ctrl-C`;

const EXAMPLES = `
  genesys-dlq doctor                               whether the local run is well, and what to do if not
  genesys-dlq dlq stats                            why events are in the dead-letter queue of the local run
  genesys-dlq dlq stats --environment production   of an environment that is deployed
  genesys-dlq breaker status --json                for a script`;

/**
 * @param words the command line: loading what it does not name, and the AWS clients of that, would take most of
 *   a short command's time. Where it names no command, or wants to know them all, all are there.
 */
export async function createProgram(words: readonly string[] = []): Promise<Command> {
  const program = new Command("genesys-dlq")
    .description("Operates the event pipeline: a deployed environment, or the local run.")
    .option("-e, --environment <name>", "an environment that is deployed; with --local, the local run of it")
    .option(
      "--outputs <file>",
      "its outputs, as written by cdktf deploy --outputs-file (default: asks Terraform)",
    )
    .option("--local", "the local run, whatever else is there")
    .option("--data <folder>", "the local run that keeps its data there")
    .option("--region <name>", "AWS region (default: as deployed)")
    .option("--profile <name>", "AWS profile")
    .option("--json", "JSON on stdout, and nothing else there; an error is one line of JSON on stderr")
    .option("-y, --yes", "ask nothing")
    .option("--no-color", "no colours (nor with NO_COLOR, nor where there is no terminal)")
    .addHelpText("after", `\nExamples:${EXAMPLES}\n${EXIT_CODES}`)
    .showSuggestionAfterError()
    .showHelpAfterError("(add --help for help)")
    .configureHelp({ showGlobalOptions: true, helpWidth: 110 })
    .exitOverride();
  for (const name of groupsNamedIn(words)) (await groups[name]?.())?.(program);
  return program;
}

function groupsNamedIn(words: readonly string[]): readonly string[] {
  const all = Object.keys(groups);
  const named = all.filter((name) => words.includes(name));
  return named.length === 0 || named.includes("completion") ? all : named;
}
