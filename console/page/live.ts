import { createContext } from "preact";
import { useContext, useEffect, useRef } from "preact/hooks";
import type { Calls } from "../api.ts";
import { call } from "./call.ts";
import { type Asked, useCall } from "./use-call.ts";

/** What every view looks at, asked for once. */
export type Live = {
  readonly [Name in
    | "environment"
    | "breaker"
    | "queue"
    | "metrics"
    | "alarms"
    | "snapshot"
    | "activity"]: Asked<Calls[Name]["output"]>;
};

const LiveContext = createContext<Live | undefined>(undefined);

export const LiveProvider = LiveContext.Provider;

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === undefined) throw new Error("There is nothing live around this.");
  return live;
}

const GRAPH_MINUTES = { deployed: 180, local: 10 } as const;
/** So many dead letters are looked at without being asked: it takes seconds, and costs next to nothing. */
const LOOKED_AT_BY_ITSELF = { deployed: 1_000, local: 5_000 } as const;

export function useAsking(): Live {
  const environment = useCall("environment", {});
  const { kind, pace } = environment.data ?? {};
  const seconds = pace?.seconds;
  const live: Live = {
    environment,
    breaker: useCall("breaker", {}, { seconds, on: "state" }),
    queue: useCall("queue", {}, { seconds, on: "state" }),
    metrics: useCall("metrics", kind && { minutes: GRAPH_MINUTES[kind] }, { seconds: pace?.metricSeconds }),
    alarms: useCall("alarms", {}, { seconds: pace && Math.max(pace.seconds, 5) }),
    snapshot: useCall("snapshot", {}, { on: "snapshot" }),
    activity: useCall("activity", {}, { on: "activity" }),
  };
  useOwnLooks(live);
  return live;
}

/** What somebody else hides, recovery for one, is looked for again after so long. */
const AGAIN_MILLISECONDS = { deployed: 30_000, local: 2_000 } as const;

/** Looks at the dead letters anew when their number changes or when some were hidden, where they are few. */
function useOwnLooks({ environment, queue, snapshot }: Live): void {
  const lookedAt = useRef<number>(undefined);
  const kind = environment.data?.kind;
  const deadLetters = queue.data?.deadLetters;
  const isRunning = snapshot.data === undefined || snapshot.data.running !== undefined;
  useEffect(() => {
    if (kind === undefined || deadLetters === undefined || isRunning) return;
    if (deadLetters === lookedAt.current || deadLetters > LOOKED_AT_BY_ITSELF[kind]) return;
    lookedAt.current = deadLetters;
    void call("look", {}).then(snapshot.reload, snapshot.reload);
  }, [kind, deadLetters, isRunning, snapshot.reload]);
  const { unseen = 0, at } = snapshot.data ?? {};
  useEffect(() => {
    if (kind === undefined || deadLetters === undefined || isRunning || unseen === 0 || at === undefined)
      return;
    if (deadLetters > LOOKED_AT_BY_ITSELF[kind]) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible")
        void call("look", {}).then(snapshot.reload, snapshot.reload);
    }, AGAIN_MILLISECONDS[kind]);
    return () => clearInterval(timer);
  }, [kind, deadLetters, isRunning, unseen, at, snapshot.reload]);
}
