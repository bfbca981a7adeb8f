import { fileURLToPath } from "node:url";
import { Argument, type Command } from "commander";
import { environmentNames } from "../../deployment/environments.ts";
import { act } from "../act.ts";
import { bashCompletion } from "../completion/bash.ts";
import { describeTree } from "../completion/tree.ts";
import { zshCompletion } from "../completion/zsh.ts";
import { withExamples } from "../examples.ts";

/** The command's way in. */
const COMMAND = fileURLToPath(new URL("../genesys-dlq.mjs", import.meta.url));

/** `completion bash | zsh`. */
export function addCompletion(program: Command): void {
  withExamples(
    program
      .command("completion")
      .description(
        "prints what a shell needs to know this command as genesys-dlq, in any folder, and to complete it, behind npx too",
      )
      .addArgument(new Argument("<shell>", "whose").choices(["bash", "zsh"]))
      .action(
        act(async ({ output }, _options, shell) => {
          const tree = describeTree(program, environmentNames);
          await output.write(shell === "zsh" ? zshCompletion(tree, COMMAND) : bashCompletion(tree, COMMAND));
        }),
      ),
    "source <(npm run -s genesys-dlq -- completion bash)   # in the checkout; then it is there in any folder",
    "genesys-dlq completion bash > ~/.local/share/bash-completion/completions/genesys-dlq",
    "source <(genesys-dlq completion zsh)",
    "genesys-dlq completion zsh > FOLDER/_genesys-dlq   # a folder of fpath",
  );
}
