import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describeTree } from "../../../cli/completion/tree.ts";
import { zshCompletion } from "../../../cli/completion/zsh.ts";
import { createProgram } from "../../../cli/program.ts";
import { runCommand } from "../../support/command.ts";
import { completionCases } from "../../support/completion-cases.ts";
import { REPOSITORY } from "../../support/repository.ts";
import { openTerminal } from "../../support/terminal.ts";

const run = promisify(execFile);
const tree = describeTree(await createProgram(), ["dev", "staging", "production"]);
const COMMAND = join(REPOSITORY, "cli", "genesys-dlq.mjs");

/** What zsh offers at the end of a line: its completion functions, told what they would. */
async function zshOffers(line: string): Promise<string[]> {
  const words = line.split(" ");
  const script = `compdef() { :; }; _files() { :; }
compadd() { shift; for word in "$@"; do [[ $word == $current* ]] && print -r -- $word; done; return 0 }
${zshCompletion(tree, COMMAND)}
_genesys-dlq_ids() { print -l 0fd1ca41aaaa 3ced000e9999 }
words=(${words.map((word) => `'${word}'`).join(" ")}); CURRENT=${words.length}
_genesys-dlq${words[0] === "npx" ? "_npx" : ""}`;
  const { stdout } = await run("zsh", ["-fc", script]);
  return stdout.split("\n").filter((offer) => offer !== "");
}

const isThere = spawnSync("zsh", ["-fc", "exit 0"]).status === 0;
if (!isThere && process.env["CI"] !== "true") {
  const why = "zsh's completion is not tested: there is no zsh on this machine";
  process.stderr.write(`${why}\n`);
  test.skip(why, () => {});
} else {
  test("zsh is there", () => expect(isThere).toBe(true));

  test.each(completionCases)("at the end of '%s': %j", async (line, offers) => {
    expect(await zshOffers(line)).toEqual(offers);
  });

  test("every command and option of the tree can be reached", async () => {
    for (const { path, words, options, takesId } of tree) {
      if (!takesId) expect(await zshOffers(`${path} `)).toEqual(words);
      expect(await zshOffers(`${path} --`)).toEqual(options);
    }
  });

  test.each([
    ["sourced", "source $ZDOTDIR/_genesys-dlq"],
    ["found in fpath", ""],
  ])("what the command prints, %s: the first Tab at a real prompt completes", async (_way, source) => {
    const { code, stdout, stderr } = await runCommand(["completion", "zsh"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const folder = await mkdtemp(join(tmpdir(), "zsh-"));
    await writeFile(join(folder, "_genesys-dlq"), stdout);
    const path = source === "" ? "fpath=($ZDOTDIR $fpath)" : "";
    const start = `${path}\nautoload -U compinit && compinit -u -D\n${source}\nPS1='ready: '\n`;
    await writeFile(join(folder, ".zshrc"), start);
    // -d: nothing of this machine's own settings.
    const terminal = openTerminal("zsh", ["-d", "-i"], { ZDOTDIR: folder, TERM: "dumb" });
    try {
      await terminal.until(/ready: /);
      terminal.type("genesys-dlq bre\t");
      await terminal.until(/genesys-dlq breaker /);
      terminal.type("st\t");
      await terminal.until(/ status /);
    } finally {
      terminal.end();
      await rm(folder, { recursive: true, force: true });
    }
  });
}
