import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { defined } from "../../contract/defined.ts";
import type { EmittedMetric } from "../alarms/emf.ts";
import type { LocalCloud } from "../cloud/cloud.ts";
import { FunctionLog } from "../function-log.ts";
import type { Permissions } from "../permissions/permissions.ts";
import type { RunEvents } from "../run-events.ts";
import type { FunctionModel } from "../stack/model.ts";
import { unpack } from "./code.ts";
import type { FunctionError } from "./invocation-result.ts";
import type { Concurrency } from "./invocation-slots.ts";
import { LocalFunction } from "./local-function.ts";
import { placeIn } from "./source-place.ts";

export interface FunctionContext {
  /** A folder for the unpacked code. */
  readonly code: string;
  /** A folder for a log of each function. */
  readonly logs: string;
  readonly cloud: LocalCloud;
  readonly runEvents: RunEvents;
  readonly permissions: Permissions;
  readonly account: string;
  /** Takes every metric that a function emits. */
  readonly onMetric: (metric: EmittedMetric) => void;
  /** Of each function. */
  readonly concurrency: Concurrency;
  /** A folder of the functions' source maps, where there is one. */
  readonly sourceMaps: string | undefined;
  /** Takes what is to be done after everything has stopped. */
  readonly cleanUp: (step: () => Promise<unknown>) => void;
}

/** Every function of a stack, unpacked and ready, by ARN. */
export async function startFunctions(
  models: readonly FunctionModel[],
  {
    code,
    logs,
    cloud,
    runEvents,
    permissions,
    account,
    onMetric,
    concurrency,
    sourceMaps,
    cleanUp,
  }: FunctionContext,
): Promise<Map<string, LocalFunction>> {
  const functions = new Map<string, LocalFunction>();
  for (const model of models) {
    const task = join(code, model.name);
    await unpack(model.zip, task);
    const log = new FunctionLog(logs, model.name, {
      mayWrite: () => mayLog(model, permissions, cloud.region, account),
      onEvent: (runEvent) => runEvents.add(runEvent),
      onTrouble: (where, errorName) => runEvents.add({ kind: "trouble", where, errorName }),
      onMetric,
      countedLines: model.countedLines,
    });
    cleanUp(() => log.close());
    const onHandlerFailure = (eventId: string, error: FunctionError) => {
      const at = sourceMaps === undefined ? undefined : placeIn(error.trace ?? [], model, sourceMaps);
      const { errorType, errorMessage } = error;
      const what = { functionName: model.name, eventId, errorType, errorMessage };
      runEvents.add({ kind: "handler-failed", ...what, ...defined({ at }) });
    };
    const options = { task, cloud, onLine: log.line, onHandlerFailure, concurrency };
    functions.set(model.arn, new LocalFunction(model, options));
  }
  return functions;
}

/** Has a function run another zip from its next invocation on. */
export async function useCode(target: LocalFunction, zip: string, code: string): Promise<void> {
  const task = join(code, randomUUID());
  await unpack(zip, task);
  target.useCode(task);
}

/** Lambda's runtime writes the log with the function's role: without the permission there is no log. */
function mayLog(model: FunctionModel, permissions: Permissions, region: string, account: string): boolean {
  const resource = `arn:aws:logs:${region}:${account}:log-group:${model.logGroup}:log-stream:local`;
  const actions = ["logs:CreateLogStream", "logs:PutLogEvents"];
  return actions.every((action) => permissions.mayActFor(model, { action, resource }));
}
