import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { bashCompletion } from "../../../cli/completion/bash.ts";
import { describeTree } from "../../../cli/completion/tree.ts";
import { createProgram } from "../../../cli/program.ts";
import { runCommand } from "../../support/command.ts";
import { completionCases } from "../../support/completion-cases.ts";
import { REPOSITORY } from "../../support/repository.ts";

const run = promisify(execFile);
const tree = describeTree(await createProgram(), ["dev", "staging", "production"]);
const COMMAND = join(REPOSITORY, "cli", "genesys-dlq.mjs");

/** What bash offers at the end of a line, having sourced the script. */
async function bashOffers(line: string): Promise<string[]> {
  const words = line.split(" ");
  const script = `${bashCompletion(tree, COMMAND)}
_genesys_dlq_ids() { printf '%s\\n' 0fd1ca41aaaa 3ced000e9999; }
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}
_genesys_dlq${words[0] === "npx" ? "_npx" : ""}
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run("bash", ["--norc", "-uc", script]);
  return stdout.split("\n").filter((offer) => offer !== "");
}

test.each(completionCases)("at the end of '%s': %j", async (line, offers) => {
  expect(await bashOffers(line)).toEqual(offers);
});

test("every command and option of the tree can be reached", async () => {
  for (const { path, words, options, takesId } of tree) {
    if (!takesId) expect(await bashOffers(`${path} `)).toEqual(words);
    expect(await bashOffers(`${path} --`)).toEqual(options);
  }
});

test("the command prints the script, and bash can source what it prints", async () => {
  const { code, stdout, stderr } = await runCommand(["completion", "bash"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toBe(bashCompletion(tree, COMMAND));
  const { stdout: said } = await run("bash", ["--norc", "-uc", `${stdout}\ncomplete -p genesys-dlq`]);
  expect(said).toBe("complete -o bashdefault -o default -F _genesys_dlq genesys-dlq\n");
});

test("having sourced it, the command is there under its name, in any folder", async () => {
  const script = `${bashCompletion(tree, COMMAND)}\ncd /; genesys-dlq --version`;
  const { stdout } = await run("bash", ["--norc", "-uc", script]);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
