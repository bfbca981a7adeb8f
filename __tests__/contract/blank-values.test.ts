import { isBlank, listWithCommas, refuseBlankValues } from "../../contract/blank-values.ts";

const EMPTY = "It is empty, as an unset shell variable is: give a value, or leave it out.";
const EMPTY_MEMBER =
  "A member of the list is empty: give a value between any two commas, and none at the ends.";
const refusal = (message: string) => new Error(message);

test.each(["", " ", "\t\n", "\u00a0\u2003", "\u200b"])("%j has nothing that anybody could see", (text) => {
  expect(isBlank(text)).toBe(true);
});

test.each(["x", " x", "x ", "\u200bx", "0"])("%j has something to see", (text) => {
  expect(isBlank(text)).toBe(false);
});

test("a list's members have no white space around them, and none is empty", () => {
  expect(listWithCommas(" a , b c,d ", refusal)).toEqual(["a", "b c", "d"]);
  for (const text of ["", "a,", ",a", "a,,b", "a, ,b"]) {
    expect(() => listWithCommas(text, refusal)).toThrow(EMPTY_MEMBER);
  }
});

type Taker = { parseArg?: (text: string, previous: never) => unknown; variadic: boolean };
const option = (kind: "required" | "optional" | "flag", taker: Partial<Taker> = {}) => ({
  variadic: false,
  required: kind === "required",
  optional: kind === "optional",
  ...taker,
});
interface Command {
  readonly options: readonly ReturnType<typeof option>[];
  readonly registeredArguments: readonly Taker[];
  readonly commands: readonly Command[];
}
const command = (options: Command["options"], more: Partial<Command> = {}): Command => ({
  options,
  registeredArguments: [],
  commands: [],
  ...more,
});
const parse = (taker: Taker, text: string, previous?: unknown) => taker.parseArg?.(text, previous as never);

test("options that take a value and arguments refuse a blank one, in commands below too; flags are left alone", () => {
  const required = option("required");
  const optional = option("optional");
  const flag = option("flag");
  const below = option("required");
  const argument: Taker = { variadic: false };
  const more = { registeredArguments: [argument], commands: [command([below])] };
  refuseBlankValues(command([required, optional, flag], more), refusal);
  for (const taker of [required, optional, below, argument]) {
    expect(() => parse(taker, " ")).toThrow(EMPTY);
    expect(parse(taker, "x")).toBe("x");
  }
  expect("parseArg" in flag).toBe(false);
});

test("what a variadic option has so far goes on; a parser of its own is asked with its own `this`", () => {
  const variadic = option("required", { variadic: true });
  const own = option("required", {
    parseArg(this: Taker, text: string, previous: never) {
      return [this, text, previous];
    },
  });
  refuseBlankValues(command([variadic, own]), refusal);
  expect(parse(variadic, "a")).toEqual(["a"]);
  expect(parse(variadic, "b", ["a"])).toEqual(["a", "b"]);
  expect(parse(own, "x", 7)).toEqual([own, "x", 7]);
  expect(() => parse(own, "")).toThrow(EMPTY);
});
