/** Whether there is nothing in a text that anybody could see. */
export function isBlank(text: string): boolean {
  return /^[\s\p{C}]*$/u.test(text);
}

type ParseValue = (value: string, previous: never) => unknown;

/** Of an option or an argument of commander, what is looked at here. */
interface TakesValue {
  parseArg?: ParseValue | undefined;
  readonly variadic: boolean;
}

/** Of a command of commander, what is looked at here: functions load the contract, and no framework with it. */
interface CommandTree {
  readonly commands: readonly CommandTree[];
  readonly options: readonly (TakesValue & { readonly required: boolean; readonly optional: boolean })[];
  readonly registeredArguments: readonly TakesValue[];
}

const MESSAGE = "It is empty, as an unset shell variable is: give a value, or leave it out.";

/**
 * Has a command and all below it refuse a blank value of an option or argument, before anything reads it. A
 * filter would take it for no restriction: `purge --id "$ID"` would delete everything. No option has a use for one.
 *
 * @param refusal makes commander's own error, which names the option
 */
export function refuseBlankValues(command: CommandTree, refusal: (message: string) => Error): void {
  const takers = [
    ...command.options.filter(({ required, optional }) => required || optional),
    ...command.registeredArguments,
  ];
  for (const taker of takers) {
    const { variadic } = taker;
    const parse: ParseValue =
      taker.parseArg ?? ((text, previous?: string[]) => (variadic ? [...(previous ?? []), text] : text));
    taker.parseArg = (text, previous) => {
      if (isBlank(text)) throw refusal(MESSAGE);
      return parse.call(taker, text, previous);
    };
  }
  for (const child of command.commands) refuseBlankValues(child, refusal);
}

/**
 * The members of a list with commas.
 *
 * @throws {Error} where one of them is blank: `x,` is not `x`, but `x` and a variable that is not set
 */
export function listWithCommas(text: string, refusal: (message: string) => Error): string[] {
  const members = text.split(",").map((member) => member.trim());
  if (members.some(isBlank)) {
    throw refusal(
      "A member of the list is empty: give a value between any two commas, and none at the ends.",
    );
  }
  return members;
}
