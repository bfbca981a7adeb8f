import { readBreaker } from "../../../cli/breaker/status.ts";
import type { Environment } from "../../../cli/environment/environment.ts";
import { defined } from "../../../contract/defined.ts";
import type { Calls } from "../../api.ts";
import { commandOf } from "../../command.ts";
import { readWords, rehearse, workOf } from "../act.ts";
import type { Activities } from "../activities.ts";
import type { EventFeed } from "../event-feed.ts";
import { readOperator } from "../operator.ts";
import { contextOf, Said } from "../said.ts";
import type { Snapshot } from "../snapshot.ts";
import { readAlarms } from "./alarms.ts";
import { readCauses, readDetail, readPage } from "./dead-letters.ts";
import { readEvents } from "./events.ts";
import { readForecast } from "./forecast.ts";
import { readMetrics } from "./metrics.ts";
import { paceOf } from "./pace.ts";
import { readQueue } from "./queue.ts";

/** How far back an event is looked for of which nobody says when it came. */
const LOOK_BACK_MILLISECONDS = 24 * 3_600_000;
/** Clocks differ, and a line is written after what it tells. */
const MARGIN_MILLISECONDS = 60_000;

/** What a call does. @throws {CommandError}, or what AWS throws */
export type Answers = {
  readonly [Name in keyof Calls]: (
    input: Calls[Name]["input"],
  ) => Promise<Calls[Name]["output"]> | Calls[Name]["output"];
};

interface Parts {
  readonly environment: Environment;
  readonly snapshot: Snapshot;
  readonly feed: EventFeed;
  readonly activities: Activities;
  /** Aborted when the console is stopped. */
  readonly signal: AbortSignal;
}

/** All that the page can ask of one environment. */
export function answersOf({ environment, snapshot, feed, activities, signal }: Parts): Answers {
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
    forecast: (question) => readForecast(environment, question, option),
    look: () => {
      snapshot.look();
      return snapshot.status;
    },
    snapshot: () => snapshot.status,
    causes: (input) => readCauses(snapshot, input),
    deadLetters: (input) => readPage(snapshot, input),
    deadLetter: ({ id }) => readDetail(snapshot, environment, id),
    events: (input) => {
      feed.begin(kind === "local");
      return readEvents(feed, input);
    },
    history: async ({ id, from, look }) => {
      const since =
        from === undefined ? Date.now() - LOOK_BACK_MILLISECONDS : Date.parse(from) - MARGIN_MILLISECONDS;
      if (kind === "local") feed.begin(true);
      const known = feed.known(id);
      const history = known ?? (look || kind === "local" ? await feed.lookFor(id, since) : undefined);
      return { about: feed.about, ...defined({ history }) };
    },
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
