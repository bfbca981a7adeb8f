import { resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { refuseBlankValues } from "../contract/blank-values.ts";
import { takenByNpm, withDashes } from "../contract/npm-options.ts";

export interface RunOptions {
  readonly environment: string;
  readonly destination?: string;
  readonly port: number;
  readonly data: string;
  readonly samples: boolean;
  readonly fresh: boolean;
  /** Seconds. */
  readonly scheduleEvery?: number;
  /** Seconds. */
  readonly alarmPeriod?: number;
  readonly stack?: string;
  /** The process whose end ends the run: `npm start` names npm's. @default none, the run may outlive who started it */
  readonly parent?: number;
}

const MAX_SCHEDULE_SECONDS = 86_400;

const EXAMPLES = `
Examples:
  npm start                                                  the dev stack, with a sample destination
  npm start -- --destination http://127.0.0.1:3000/events    deliver to a destination of your own
  npm start -- --environment staging --no-samples            another environment, and nothing sent by itself
  npm start -- --schedule-every 5                            recovery every 5 s instead of every minute
  npm start -- --alarm-period 5                              alarms whose minutes last 5 s: 15 minutes pass in 75 s
  npm start -- --fresh                                       forget what an earlier run has kept`;

/** The command line. Ends the process for `--help`, and for what it does not understand. */
export function readOptions(argv: readonly string[]): RunOptions {
  const command = new Command("npm start --")
    .description("Runs the synthesised stack on this machine.")
    .option("-e, --environment <name>", "whose stack to run", "dev")
    .option("-d, --destination <url>", "where to deliver, instead of the sample destination", url)
    .option("-p, --port <number>", "port of the HTTP API; 0 takes any free one", port, 8080)
    .option("--data <folder>", "where queues, secrets and logs are kept (default: .local/<environment>)")
    .option("--no-samples", "send no sample events")
    .option("--fresh", "delete what an earlier run has kept", false)
    .option("--schedule-every <seconds>", "run what is scheduled that often, whatever its rate says", seconds)
    .option(
      "--alarm-period <seconds>",
      "how long a minute of the alarms lasts: what waits is older by as much, and recovery runs as often",
      seconds,
    )
    .option("--stack <file>", "run this cdk.tf.json instead of synthesising")
    .addOption(new Option("--parent <pid>").argParser(Number).hideHelp())
    .addHelpText("after", EXAMPLES)
    .allowExcessArguments(false);
  refuseBlankValues(command, (message) => new InvalidArgumentError(message));
  const taken = takenByNpm(command, argv, process.env);
  if (taken.length > 0) {
    const { message, remedy } = withDashes(taken, process.env);
    command.error(`error: ${message}\n${remedy}`);
  }
  command.parse([...argv]);
  const options = command.opts<Omit<RunOptions, "data"> & { readonly data?: string }>();
  return { ...options, data: resolve(options.data ?? `.local/${options.environment}`) };
}

function url(text: string): string {
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? "")) {
    throw new InvalidArgumentError("It has to be an http or https URL.");
  }
  return text;
}

function port(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65_535) {
    throw new InvalidArgumentError("It has to be a number from 0 to 65535.");
  }
  return number;
}

function seconds(text: string): number {
  const number = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || number <= 0 || number > MAX_SCHEDULE_SECONDS) {
    throw new InvalidArgumentError(`It has to be a number of seconds, at most ${MAX_SCHEDULE_SECONDS}.`);
  }
  return number;
}
