import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { bashCompletion } from "../../cli/completion/bash.ts";
import { describeTree } from "../../cli/completion/tree.ts";
import { zshCompletion } from "../../cli/completion/zsh.ts";
import { createProgram } from "../../cli/program.ts";
import { runCommand } from "../support/command.ts";

const run = promisify(execFile);
const tree = describeTree(createProgram());

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

const cases: [line: string, offers: readonly string[]][] = [
  ["genesys-dlq bre", ["breaker"]],
  ["genesys-dlq breaker ", ["open", "close", "status", "help"]],
  ["genesys-dlq dlq re", ["redrive"]],
  ["genesys-dlq dlq redrive --ra", ["--rate"]],
  ["genesys-dlq dlq redrive --dry-run --js", ["--json"]],
  ["genesys-dlq --json breaker op", ["open"]],
  ["genesys-dlq dlq list --class ", ["malformed", "permanent", "exhausted", "crashed", "unqueued"]],
  ["genesys-dlq dlq list --class ex", ["exhausted"]],
  ["genesys-dlq dlq import --to q", ["queue"]],
  ["genesys-dlq genesys webhooks create --oauth t", ["tutorial"]],
  ["genesys-dlq genesys webhooks list --genesys-r", ["--genesys-region"]],
  ["genesys-dlq completion ", ["bash", "zsh"]],
  ["genesys-dlq dlq export --outputs ", []],
  ["genesys-dlq nothing --x", []],
];

test.each(cases)("bash, at the end of '%s': %j", async (line, offers) => {
  expect(await bashOffers(line)).toEqual(offers);
});

test("every command and option of the tree can be reached", async () => {
  for (const { path, words, options } of tree) {
    expect(await bashOffers(`${path} `)).toEqual(words);
    expect(await bashOffers(`${path} --`)).toEqual(options);
  }
});

test("the command prints the scripts, and bash can source what it prints", async () => {
  const { code, stdout, stderr } = await runCommand(["completion", "bash"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toBe(bashCompletion(tree));
  const { stdout: said } = await run("bash", ["--norc", "-uc", `${stdout}\ncomplete -p genesys-dlq`]);
  expect(said).toBe("complete -o bashdefault -o default -F _genesys_dlq genesys-dlq\n");
  expect((await runCommand(["completion", "zsh"])).stdout).toBe(zshCompletion(tree));
});

/** zsh is not on every machine. */
const zshIsThere = spawnSync("zsh", ["-c", "exit 0"]).status === 0;

(zshIsThere ? test.each(cases) : test.skip.each(cases))(
  "zsh, at the end of '%s': %j",
  async (line, offers) => {
    const words = line.split(" ");
    // Its completion functions, told what they would offer.
    const script = `compdef() { :; }; _files() { :; }
compadd() { shift; for word in "$@"; do [[ $word == $current* ]] && print -r -- $word; done; return 0 }
${zshCompletion(tree)}
words=(${words.map((word) => `'${word}'`).join(" ")}); CURRENT=${words.length}
_genesys_dlq`;
    const { stdout } = await run("zsh", ["-fc", script]);
    expect(stdout.split("\n").filter((offer) => offer !== "")).toEqual(offers);
  },
);
