import type { Environment } from "../environment/environment.ts";
import { CloudWatchLogs } from "./cloudwatch-logs.ts";
import { LocalLogs } from "./local-logs.ts";
import type { LogSource } from "./log-source.ts";

/** Where an environment's functions have written what became of its events. */
export function logsOf({ logsFolder, outputs, clients }: Environment): LogSource {
  return logsFolder === undefined
    ? new CloudWatchLogs(() => clients.logs(), outputs)
    : new LocalLogs(logsFolder, outputs);
}
