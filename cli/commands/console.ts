import { once } from "node:events";
import type { Command } from "commander";
import { listenConsole } from "../../console/server/listen.ts";
import { openInBrowser } from "../../console/server/open-in-browser.ts";
import { act } from "../act.ts";
import type { Context } from "../context.ts";
import { withExamples } from "../examples.ts";
import { wholeNumber } from "../numbers.ts";

interface ConsoleOptions {
  readonly port: number;
  readonly open: boolean;
}

/** `console`: the page on which a person sees the flow. */
export function addConsole(program: Command): void {
  withExamples(
    program
      .command("console")
      .description("serves a page on this machine: what waits, what fails and why, and what can be done")
      .option("--port <number>", "where it listens; 0 takes any free port", wholeNumber(0, 65_535), 0)
      .option("--no-open", "do not open a browser")
      .action(act<ConsoleOptions>(serve))
      .addHelpText(
        "after",
        `
It acts as you, with your AWS profile: nothing is deployed, and it needs no permission that the other commands do
not need. It listens on this machine alone, and answers to whoever has the address that it prints: keep that to
yourself. Ctrl-C ends it.
`,
      ),
    "genesys-dlq console",
    "genesys-dlq console --environment production",
    "genesys-dlq console --environment production --port 7000 --no-open",
  );
}

async function serve(context: Context, { port, open }: ConsoleOptions): Promise<void> {
  const { signal, output } = context;
  const environment = await context.environment(); // what is wrong with it, the terminal says
  const console = await listenConsole({ environment: () => Promise.resolve(environment), port });
  try {
    await output.result({ url: console.url }, () => console.url);
    output.note(`The console of ${environment.title}, until Ctrl-C.`);
    const close = open && process.stdout.isTTY ? await openInBrowser(console.url) : undefined;
    if (!signal.aborted) await once(signal, "abort");
    await close?.();
  } finally {
    await console.stop();
  }
}
