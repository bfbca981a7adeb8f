import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { UsageError } from "../../contract/command-error.ts";
import { forecast } from "../../contract/forecast/forecast.ts";
import {
  defaultSettings,
  type ForecastSettings,
  forecastSettingsOf,
} from "../../contract/forecast/settings.ts";
import { forecastSvg } from "../../contract/forecast/svg.ts";
import { act } from "../act.ts";
import { environmentArgument } from "../configured-environment.ts";
import type { Context } from "../context.ts";
import { readDuration } from "../durations.ts";
import { withExamples } from "../examples.ts";
import { type Changes, changed, readChange } from "../forecast/changed-settings.ts";
import { report } from "../forecast/report.ts";
import { numberAbove, wholeNumber } from "../numbers.ts";

interface ForecastOptions {
  readonly rate: number;
  readonly outage: number;
  readonly latency: number;
  readonly destinationRate?: number;
  readonly eventBytes: number;
  readonly refused: number;
  readonly set: Changes;
  readonly svg?: string;
}

const MOST_A_SECOND = 1_000_000;

/** `forecast`: what an outage would do, before there is one. */
export function addForecast(program: Command): void {
  withExamples(
    program
      .command("forecast")
      .description(
        "says what an outage would do: backlog, time to drain, limits, cost, and what would help most",
      )
      .addArgument(environmentArgument())
      .requiredOption("--rate <number>", "events that come a second", numberAbove(0, MOST_A_SECOND))
      .option("--outage <span>", "how long the destination is down: 90m, 72h, 3d", readDuration, 3_600)
      .option("--latency <span>", "what it takes to answer when it is well: 200ms, 1s", readDuration, 0.1)
      .option(
        "--destination-rate <number>",
        "deliveries a second that it takes at most",
        numberAbove(0, MOST_A_SECOND),
      )
      .option("--event-bytes <number>", "of an event", wholeNumber(1, 10_000_000), 4_000)
      .option("--refused <percent>", "the share of events that it turns down for good", numberAbove(0, 100))
      .option("--set <setting=value>", "in place of the environment's; may be repeated", readChange, {})
      .option("--svg <file>", "write a picture of it to this file, which must not be there yet")
      .addHelpText("after", WHICH)
      .action(act<ForecastOptions>(run)),
    "genesys-dlq forecast production --rate 50 --outage 72h --latency 200ms",
    "genesys-dlq forecast --environment production --rate 50 --outage 72h --svg forecast.svg",
    "genesys-dlq forecast --rate 50 --set processor.maximumConcurrency=50 --json | jq .outlook.drainSeconds",
  );
}

const WHICH = `
With an argument the settings are those of infra/environments.ts. With --environment, --outputs, --local or --data they
are those that really run. With neither they are the defaults. What the model holds and what not: docs/forecast.md`;

async function run(context: Context, options: ForecastOptions, given: string | undefined): Promise<void> {
  const { settings, title } = await settingsFor(context, given);
  const { rate, outage, latency, destinationRate, eventBytes, refused = 0 } = options;
  const told = forecast({
    settings: changed(settings, options.set),
    ratePerSecond: rate,
    outageSeconds: outage,
    destination: {
      latencySeconds: latency,
      ...(destinationRate === undefined ? {} : { perSecond: destinationRate }),
    },
    eventBytes,
    refusedShare: refused / 100,
  });
  if (options.svg !== undefined) await writePicture(options.svg, forecastSvg(told));
  await context.output.result({ environment: title, ...told }, () => report(told, title, context.output));
}

async function settingsFor(
  { options, environment, output }: Context,
  given: string | undefined,
): Promise<{ readonly settings: ForecastSettings; readonly title: string }> {
  const { environment: named, outputs, local, data } = options;
  const live = [named, outputs, local, data].some((option) => option !== undefined);
  if (given !== undefined && live)
    throw new UsageError(
      `Both ${given} and an environment that runs are given.`,
      "Give the argument for the settings of infra/environments.ts, or the option for those that run.",
    );
  if (given !== undefined) {
    const { configuredSettings } = await import("../../deployment/configured-settings.ts");
    return {
      settings: forecastSettingsOf(configuredSettings(given)),
      title: `${given}, as it is configured`,
    };
  }
  if (!live) return { settings: defaultSettings, title: "the default settings" };
  const found = await environment();
  const { liveSettings, NOT_READ } = await import("../forecast/live-settings.ts");
  output.note(`Not read from AWS, and taken as by default: ${NOT_READ.join(", ")}. --set sets them.`);
  return { settings: await liveSettings(found), title: found.title };
}

/** A file that is there is somebody's. */
async function writePicture(file: string, picture: string): Promise<void> {
  await writeFile(file, `${picture}\n`, { flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "EEXIST"
      ? new UsageError(`${file} is there already.`, "Give another file with --svg, or delete it.")
      : new UsageError(
          `${error.code}: cannot write ${file}.`,
          "Give a file in a folder that is there with --svg.",
        );
  });
}
