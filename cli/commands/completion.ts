import { Argument, type Command } from "commander";
import { act } from "../act.ts";
import { bashCompletion } from "../completion/bash.ts";
import { describeTree } from "../completion/tree.ts";
import { zshCompletion } from "../completion/zsh.ts";
import { withExamples } from "../examples.ts";

/** `completion bash | zsh`. */
export function addCompletion(program: Command): void {
  withExamples(
    program
      .command("completion")
      .description("prints what a shell needs to complete this command")
      .addArgument(new Argument("<shell>", "whose").choices(["bash", "zsh"]))
      .action(
        act(async ({ output }, _options, shell) => {
          const tree = describeTree(program);
          await output.write(shell === "zsh" ? zshCompletion(tree) : bashCompletion(tree));
        }),
      ),
    "genesys-dlq completion bash > ~/.local/share/bash-completion/completions/genesys-dlq",
    "source <(genesys-dlq completion zsh)",
    "genesys-dlq completion zsh > FOLDER/_genesys-dlq   # a folder of fpath",
  );
}
