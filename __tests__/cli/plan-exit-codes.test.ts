import { jest } from "@jest/globals";
import { CommandError, Interrupted } from "../../contract/command-error.ts";
import type { CommandResult } from "../support/command.ts";

/** What the plan comes to, and the bucket; each call is one of the command's. */
let planned: () => object = () => ({});
let bootstrapped: (agree: () => Promise<boolean>) => Promise<object> = async () => ({});

jest.unstable_mockModule("../../deployment/review/review-environment.ts", () => ({
  reviewEnvironment: async () => planned(),
}));
jest.unstable_mockModule("../../deployment/bootstrap/bootstrap.ts", () => ({
  bootstrap: async (_: object, { agree }: { agree: () => Promise<boolean> }) => bootstrapped(agree),
}));
const { runInProcess } = await import("../support/in-process.ts");

/** The same command for a person and for a script. */
const both = (...args: string[]): Promise<CommandResult[]> =>
  [args, [...args, "--json"], ["--json", ...args]].reduce<Promise<CommandResult[]>>(
    async (before, given) => [...(await before), await runInProcess(given)],
    Promise.resolve([]),
  );

test.each([0, 3, 4])(
  "a plan that ends with %i does so with --json too, which prints the JSON alone",
  async (exitCode) => {
    planned = () => ({ markdown: "## Plan\n", json: '{"changes":[]}\n', exitCode });
    const [person, ...scripts] = await both("plan", "staging");
    expect(person).toMatchObject({ code: exitCode, stdout: "## Plan\n" });
    for (const script of scripts)
      expect(script).toMatchObject({ code: exitCode, stdout: '{"changes":[]}\n' });
  },
);

test.each<[string, Error, number]>([
  ["there is no plan", new CommandError("No plan.", "Make one."), 1],
  ["Terraform refuses to delete what is protected", new CommandError("No.", "", { exitCode: 3 }), 3],
  ["Ctrl-C", new Interrupted(), 130],
])("%s: the same exit code, and nothing on stdout", async (_, error, code) => {
  planned = () => {
    throw error;
  };
  for (const result of await both("plan", "staging")) expect(result).toMatchObject({ code, stdout: "" });
});

test.each<[string, typeof bootstrapped, number]>([
  ["all is well", async () => ({ environment: "staging", properties: [] }), 0],
  [
    "it is not done",
    async () => {
      throw new CommandError("S3 refuses the policy.", "");
    },
    1,
  ],
  ["nobody can be asked", async (agree) => ({ agreed: await agree() }), 2],
])("bootstrap, %s: the same exit code with --json", async (_, work, code) => {
  bootstrapped = work;
  for (const result of await both("bootstrap", "staging")) expect(result.code).toBe(code);
});

test("with --yes nobody is asked", async () => {
  bootstrapped = async (agree) => ({ agreed: await agree() });
  for (const { code, stdout } of (await both("bootstrap", "staging", "--yes")).slice(1)) {
    expect([code, JSON.parse(stdout)]).toEqual([0, { agreed: true }]);
  }
});
