import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cannotRehearse, findTools } from "./tools.ts";

const usage = `npm run rehearse -- [--environment dev | --guarded | --second-day] [--keep]

Deploys an environment's stack to an emulator of AWS on this machine, twice at the same time: with Terraform, and
with cdktf deploy, as a pipeline does. A second plan must be empty, and nothing may be left at the end. Beside that
an environment in use is changed by deployments and by hand, and has to keep what it holds. About five minutes.

  --environment NAME  which stack (default: dev)
  --guarded           in place of one, the rehearsal's own with everything switched on
  --second-day        every change of every setting of an environment that is in use: half an hour
  --only PATTERN      with --second-day, the changes whose titles match it
  --keep              leave the folder with the copies, plans and state for a look`;

const { values: options } = parseArgs({
  options: {
    environment: { type: "string", default: "dev" },
    guarded: { type: "boolean", default: false },
    "second-day": { type: "boolean", default: false },
    only: { type: "string", default: "" },
    keep: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const say = (line: string) => process.stdout.write(`${line}\n`);

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => interrupted.abort(new Error(`Stopped by ${signal}.`)));
}

if (options.help) say(usage);
else process.exitCode = await main();

async function main(): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), "rehearsal-"));
  try {
    const tools = await findTools(directory);
    if ("missing" in tools) {
      const { line, exitCode } = cannotRehearse(tools.missing, process.env["CI"]);
      say(line);
      return exitCode;
    }
    // Loaded here: a machine that cannot rehearse need not wait for the SDK's clients.
    const { rehearse } = await import("./rehearse.ts");
    if (options["second-day"]) {
      const { rehearseSecondDayWhole } = await import("./second-day/second-day.ts");
      const second = { directory: join(directory, "second-day"), say, interrupted: interrupted.signal };
      await rehearseSecondDayWhole(tools, second, new RegExp(options.only));
      say("Second day: every change is applied, or stopped with its way named.");
      return 0;
    }
    const { guarded } = options;
    await rehearse(tools, {
      environment: guarded ? "guarded" : options.environment,
      guarded,
      directory,
      say,
      interrupted: interrupted.signal,
    });
    return 0;
  } catch (error) {
    say(`Rehearsal failed: ${(error as Error).message}`);
    return 1;
  } finally {
    if (options.keep) say(`Kept: ${directory}`);
    else await rm(directory, { recursive: true, force: true });
  }
}
