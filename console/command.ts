import { GENESYS_DLQ } from "../contract/command-line.ts";
import { type Action, type FilterWords, type ForecastQuestion, filterNames } from "./api.ts";

/** The command that an action equals, as it is typed. */
export function commandOf(action: Action, option: string): string {
  return `${GENESYS_DLQ} ${wordsOf(action).map(quoted).join(" ")} ${option}`;
}

/** The command that tells the same forecast. */
export function forecastCommand(question: ForecastQuestion, option: string): string {
  const { ratePerSecond, outageHours, latencyMilliseconds } = question;
  return `${GENESYS_DLQ} forecast --rate ${ratePerSecond} --outage ${outageHours}h --latency ${latencyMilliseconds}ms ${option}`;
}

/** `{ class: "permanent" }` → `["--class=permanent"]`: with `=`, whatever the value begins with. */
export function filterWords(filter: FilterWords): string[] {
  return filterNames.flatMap((name) => {
    const value = filter[name]?.trim();
    return value === undefined || value === "" ? [] : [`--${name}=${value}`];
  });
}

function wordsOf(action: Action): string[] {
  switch (action.kind) {
    case "redrive":
      return ["dlq", "redrive", ...filterWords(action.filter)];
    case "export":
      return ["dlq", "export", "FILE", ...filterWords(action.filter)];
    case "breaker":
      return action.to === "close"
        ? ["breaker", "close"]
        : ["breaker", "open", ...(action.reason === "" ? [] : [`--reason=${action.reason}`])];
    case "replay":
      return ["dlq", "replay", `--id=${action.id}`, `--to=${action.to}`];
  }
}

/** For a POSIX shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
