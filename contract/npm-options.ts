/** Of commander, what is looked at here: functions load the contract, and no framework with it. */
interface CommandTree {
  readonly commands: readonly CommandTree[];
  readonly options: readonly { readonly long?: string | undefined }[];
}

/** What people have in their npm's own configuration, or what harms nobody where it is lost: a question more, colours. */
const NPMS_OWN = new Set(["--yes", "--color", "--no-color", "--version", "--help"]);

/**
 * Options that a person gave to a command, and that npm has taken for itself, since no `--` stood before them:
 * `npm run genesys-dlq dlq list --json`. Without a word, the command would do something else.
 *
 * @param command with all options that could have been meant, its subcommands' included
 * @param words what has reached the command
 * @param environment of this process: npm tells there what it has taken
 */
export function takenByNpm(
  command: CommandTree,
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  if (environment["npm_lifecycle_event"] === undefined) return [];
  return [...new Set(longOptions(command))].filter(
    (option) =>
      !NPMS_OWN.has(option) && !words.includes(option) && environment[variableOf(option)] !== undefined,
  );
}

/** What to type instead. */
export function withDashes(
  taken: readonly string[],
  { npm_lifecycle_event: script = "" }: Readonly<Record<string, string | undefined>>,
): { message: string; remedy: string } {
  const start = script === "start" ? "npm start --" : `npm run ${script} --`;
  return {
    message: `npm has taken ${taken.join(" and ")} for itself.`,
    remedy: `Type -- before what is not npm's: ${start} … ${taken.join(" ")}`,
  };
}

/** `--dry-run` as npm hands it on: `npm_config_dry_run`. */
function variableOf(option: string): string {
  return `npm_config_${option.replace(/^--/, "").replaceAll("-", "_")}`;
}

function longOptions({ commands, options }: CommandTree): string[] {
  return [...options.flatMap(({ long }) => long ?? []), ...commands.flatMap(longOptions)];
}
