import { createProgram } from "./program.ts";
import { asksForJson, muteErrors, tellError } from "./tell-error.ts";

// Help is written before a command is there to be ended: whoever reads only its head is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

const words = process.argv.slice(2);
const json = asksForJson(words);
const program = await createProgram(words);
if (json) muteErrors(program);
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = tellError(error, json);
}
