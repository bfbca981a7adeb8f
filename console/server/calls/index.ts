import { readBreaker } from "../../../cli/breaker/status.ts";
import type { Environment } from "../../../cli/environment/environment.ts";
import type { Calls } from "../../api.ts";
import { commandOf } from "../../command.ts";
import { readWords, rehearse, workOf } from "../act.ts";
import type { Activities } from "../activities.ts";
import { readOperator } from "../operator.ts";
import { contextOf, Said } from "../said.ts";
import type { Snapshot } from "../snapshot.ts";
import { readAlarms } from "./alarms.ts";
import { readCauses, readDetail, readPage } from "./dead-letters.ts";
import { readMetrics } from "./metrics.ts";
import { paceOf } from "./pace.ts";
import { readQueue } from "./queue.ts";

/** What a call does. @throws {CommandError}, or what AWS throws */
export type Answers = {
  readonly [Name in keyof Calls]: (
    input: Calls[Name]["input"],
  ) => Promise<Calls[Name]["output"]> | Calls[Name]["output"];
};

interface Parts {
  readonly environment: Environment;
  readonly snapshot: Snapshot;
  readonly activities: Activities;
  /** Aborted when the console is stopped. */
  readonly signal: AbortSignal;
}

/** All that the page can ask of one environment. */
export function answersOf({ environment, snapshot, activities, signal }: Parts): Answers {
  const { kind, outputs, title } = environment;
  const option = kind === "local" ? "--local" : `--environment ${outputs.environment}`;
  let operator: Promise<string> | undefined;
  const whoever = () => {
    operator ??= readOperator(environment);
    return operator;
  };
  return {
    environment: async () => ({ title, kind, option, operator: await whoever(), pace: paceOf(kind) }),
    breaker: () => readBreaker(environment),
    queue: () => readQueue(environment),
    metrics: ({ minutes }) => readMetrics(environment, minutes),
    alarms: () => readAlarms(environment),
    look: () => {
      snapshot.look();
      return snapshot.status;
    },
    snapshot: () => snapshot.status,
    causes: (input) => readCauses(snapshot, input),
    deadLetters: (input) => readPage(snapshot, input),
    deadLetter: ({ id }) => readDetail(snapshot, environment, id),
    dryRun: async ({ filter }) => ({
      said: await rehearse(contextOf(environment, new Said(), signal), readWords(filter)),
    }),
    act: async ({ action }) => {
      const work = workOf(action, environment); // refused before anything is written down
      return activities.begin(commandOf(action, option), await whoever(), async (said, stop) => {
        const end = await work(said, stop);
        if (action.kind === "redrive") snapshot.look(); // what was redriven is no dead letter any more
        return end;
      });
    },
    cancel: ({ id }) => {
      activities.cancel(id);
      return {};
    },
    activity: () => activities.all,
  };
}
