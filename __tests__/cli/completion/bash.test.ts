import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { bashCompletion } from "../../../cli/completion/bash.ts";
import { describeTree } from "../../../cli/completion/tree.ts";
import { createProgram } from "../../../cli/program.ts";
import { runCommand } from "../../support/command.ts";
import { completionCases } from "../../support/completion-cases.ts";

const run = promisify(execFile);
const tree = describeTree(await createProgram());

/** What bash offers at the end of a line, having sourced the script. */
async function bashOffers(line: string): Promise<string[]> {
  const words = line.split(" ");
  const script = `${bashCompletion(tree)}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}
_genesys_dlq
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run("bash", ["--norc", "-uc", script]);
  return stdout.split("\n").filter((offer) => offer !== "");
}

test.each(completionCases)("at the end of '%s': %j", async (line, offers) => {
  expect(await bashOffers(line)).toEqual(offers);
});

test("every command and option of the tree can be reached", async () => {
  for (const { path, words, options } of tree) {
    expect(await bashOffers(`${path} `)).toEqual(words);
    expect(await bashOffers(`${path} --`)).toEqual(options);
  }
});

test("the command prints the script, and bash can source what it prints", async () => {
  const { code, stdout, stderr } = await runCommand(["completion", "bash"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toBe(bashCompletion(tree));
  const { stdout: said } = await run("bash", ["--norc", "-uc", `${stdout}\ncomplete -p genesys-dlq`]);
  expect(said).toBe("complete -o bashdefault -o default -F _genesys_dlq genesys-dlq\n");
});
