import type { Environment } from "../../../cli/environment/environment.ts";
import { liveSettings, NOT_READ } from "../../../cli/forecast/live-settings.ts";
import { adviceOf, rowsOf } from "../../../cli/forecast/report.ts";
import { forecast } from "../../../contract/forecast/forecast.ts";
import type { ForecastAnswer, ForecastQuestion } from "../../api.ts";
import { forecastCommand } from "../../command.ts";

/** The command's own. */
const EVENT_BYTES = 4_096;

/** @throws what AWS throws where a setting may not be read */
export async function readForecast(
  environment: Environment,
  question: ForecastQuestion,
  option: string,
): Promise<ForecastAnswer> {
  const told = forecast({
    settings: await liveSettings(environment),
    ratePerSecond: question.ratePerSecond,
    outageSeconds: question.outageHours * 3_600,
    destination: { latencySeconds: question.latencyMilliseconds / 1_000 },
    eventBytes: EVENT_BYTES,
    refusedShare: 0,
  });
  return {
    rows: rowsOf(told),
    advice: adviceOf(told),
    points: told.timeline.map(({ at, queue, bucket, oldestSeconds }) => ({
      at,
      waiting: queue + bucket,
      oldestSeconds,
    })),
    notRead: NOT_READ,
    command: forecastCommand(question, option),
  };
}
