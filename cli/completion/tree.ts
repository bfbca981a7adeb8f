import type { Command } from "commander";

/** What can follow one command of the tree. */
export interface CompletedCommand {
  /** From the program on: `genesys-dlq dlq list`. */
  readonly path: string;
  /** Subcommands, or what its argument may be. */
  readonly words: readonly string[];
  /** Its own options, its groups' and the global ones: `--json`. */
  readonly options: readonly string[];
  /** Options that take a value, with the values where they are known. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** Options whose value is a dead letter's id. */
  readonly idOptions: readonly string[];
  /** Whether its argument is one. */
  readonly takesId: boolean;
}

/**
 * Every command of the tree, the program itself first.
 *
 * @param environments what `--environment` can name
 */
export function describeTree(program: Command, environments: readonly string[] = []): CompletedCommand[] {
  return describe(program, program.name(), environments);
}

function describe(command: Command, path: string, environments: readonly string[]): CompletedCommand[] {
  const help = command.createHelp();
  const children = help.visibleCommands(command);
  const groups = ancestorsOf(command).flatMap((group) => help.visibleOptions(group));
  const options = [...new Set([...help.visibleOptions(command), ...groups])];
  const isAboutDeadLetters = path.startsWith("genesys-dlq dlq ");
  const own: CompletedCommand = {
    path,
    words: [
      ...children.map((child) => child.name()),
      ...command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
    ],
    options: [...new Set(options.flatMap(({ long }) => (long ? [long] : [])))],
    values: Object.fromEntries(
      options
        .filter((option) => option.required || option.optional)
        .flatMap(({ long, short, argChoices = long === "--environment" ? environments : [] }) =>
          [long, short].flatMap((flag) => (flag ? [[flag, argChoices] as const] : [])),
        ),
    ),
    idOptions: isAboutDeadLetters ? options.flatMap(({ long }) => (long === "--id" ? [long] : [])) : [],
    takesId: isAboutDeadLetters && command.registeredArguments.some((argument) => argument.name() === "id"),
  };
  return [
    own,
    ...children
      .filter((child) => child.name() !== "help")
      .flatMap((child) => describe(child, `${path} ${child.name()}`, environments)),
  ];
}

/** The groups that a command is in, the program last: their options are its own too. */
function ancestorsOf({ parent }: Command): Command[] {
  return parent === null ? [] : [parent, ...ancestorsOf(parent)];
}
