import { CommandError, UsageError } from "../contract/command-error.ts";
import { takenByNpm, withDashes } from "../contract/npm-options.ts";
import { sourceError } from "../contract/source-error.ts";
import { createProgram } from "./program.ts";
import { asksForJson, muteErrors, tellError } from "./tell-error.ts";

// Help is written before a command is there to be ended: whoever reads only its head is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

const words = process.argv.slice(2);
const json = asksForJson(words);

/** @throws {CommandError} where a file that the team writes cannot be read */
async function load() {
  try {
    return await createProgram(words);
  } catch (error) {
    const lines = await sourceError(error, `${import.meta.dirname}/..`, "infra/environments.ts");
    if (lines === undefined) throw error;
    throw new CommandError(lines.join("\n"), "npm run synth tells whether it is mended.");
  }
}

try {
  const program = await load();
  if (json) muteErrors(program);
  const taken = takenByNpm(program, words, process.env);
  if (taken.length > 0) {
    const { message, remedy } = withDashes(taken, process.env);
    throw new UsageError(message, remedy);
  }
  await program.parseAsync();
} catch (error) {
  process.exitCode = tellError(error, json);
}
