import { InvalidArgumentError } from "commander";
import {
  type ForecastPath,
  type ForecastSettings,
  forecastPaths,
  limitOfPath,
} from "../../contract/forecast/settings.ts";
import { outside } from "../../contract/settings/number.ts";

/** Settings that stand in place of the environment's. */
export type Changes = Partial<Record<ForecastPath, number>>;

/**
 * One more of `--set processor.maximumConcurrency=50`.
 *
 * @throws {InvalidArgumentError} for a setting that a forecast does not depend on, or a value that it cannot have
 */
export function readChange(text: string, before: Changes = {}): Changes {
  const [, name = "", value = ""] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  const path = forecastPaths.find((each) => each === name);
  if (path === undefined)
    throw new InvalidArgumentError(
      `Give a setting and its value, such as processor.maximumConcurrency=50. The settings are: ${forecastPaths.join(", ")}.`,
    );
  const number = Number(value);
  const wrong = Number.isFinite(number) ? outside(number, limitOfPath(path)) : "must be a number";
  if (wrong !== undefined) throw new InvalidArgumentError(`${path}: ${wrong}.`);
  return { ...before, [path]: number };
}

export function changed(settings: ForecastSettings, changes: Changes): ForecastSettings {
  return { ...settings, ...changes };
}
