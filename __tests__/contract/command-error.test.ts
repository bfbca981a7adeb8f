import { CommandError, Interrupted, UsageError } from "../../contract/command-error.ts";

test("an error keeps its remedy, its exit code and its cause", () => {
  const cause = new Error("below");
  const error = new CommandError("It failed.", "Try again.", { exitCode: 7, cause });
  expect(error).toMatchObject({
    name: "CommandError",
    message: "It failed.",
    remedy: "Try again.",
    exitCode: 7,
  });
  expect(error.cause).toBe(cause);
});

test("without a cause there is no member of that name, which a log would show", () => {
  const error = new CommandError("It failed.", "Try again.");
  expect(error.exitCode).toBe(1);
  expect("cause" in error).toBe(false);
});

test("wrong usage ends with 2, an interruption with 130", () => {
  expect(new UsageError("What?", "See --help.")).toMatchObject({
    name: "UsageError",
    message: "What?",
    remedy: "See --help.",
    exitCode: 2,
  });
  expect(new Interrupted()).toMatchObject({
    name: "Interrupted",
    message: "Interrupted.",
    remedy: "",
    exitCode: 130,
  });
});
