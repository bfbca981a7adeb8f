import { defined } from "../defined.ts";
import { type Outlook, outlookOf, type Question } from "./outlook.ts";
import { type ForecastPath, type ForecastSettings, limitOfPath } from "./settings.ts";

/** One setting, changed alone. */
export interface Advice {
  readonly setting: ForecastPath;
  readonly from: number;
  readonly to: number;
  /** What it does, in a sentence's end. */
  readonly effect: "loses-nothing" | "drains" | "recovers-sooner" | "parks-nothing";
  /** Seconds from the destination's return until the backlog is gone, before and after; absent: never. */
  readonly recoverySeconds: { readonly before?: number; readonly after?: number };
}

/** Much enough to be worth a deployment. */
const WORTH = 0.9;
/** Beyond what comes, where the backlog would never be gone: so much is left to drain it. */
const HEADROOM = 1.25;
const DAY_SECONDS = 86_400;
/** The queue keeps shorter than the dead-letter queue: infra/rules.ts */
const LONGEST_QUEUE_SHARE = 0.99;

type Change = readonly [ForecastPath, number];

/** The change that helps most: first what loses nothing, then what drains at all, what is sooner well, what parks nothing. */
export function adviceFor(question: Question, before: Outlook): Advice | undefined {
  const tried = changesOf(question, before).map(([setting, to]) => {
    const settings = { ...question.settings, [setting]: to };
    const after = outlookOf({ ...question, settings });
    return { setting, from: question.settings[setting] ?? 0, to, after };
  });
  const loss = (outlook: Outlook) => outlook.limits.filter(({ effect }) => effect === "lost").length;
  const seconds = ({ recoverySeconds = Number.POSITIVE_INFINITY }: Outlook) => recoverySeconds;
  const best = (
    effect: Advice["effect"],
    of: (outlook: Outlook) => number,
    isBetter: (after: number) => boolean,
  ) => {
    const [first] = tried
      .filter(({ after }) => isBetter(of(after)))
      .sort((one, other) => of(one.after) - of(other.after) || seconds(one.after) - seconds(other.after));
    if (first === undefined) return undefined;
    const { setting, from, to, after } = first;
    const times = defined({ before: before.recoverySeconds, after: after.recoverySeconds });
    return { setting, from, to, effect, recoverySeconds: times };
  };
  return (
    best("loses-nothing", loss, (left) => left < loss(before)) ??
    (before.recoverySeconds === undefined
      ? best("drains", seconds, Number.isFinite)
      : best("recovers-sooner", seconds, (after) => after <= seconds(before) * WORTH)) ??
    best(
      "parks-nothing",
      ({ parked }) => parked,
      (parked) => before.parked > 0 && parked === 0,
    )
  );
}

/** One at a time, within its limit and the rules between settings. */
function changesOf({ settings, ratePerSecond, destination }: Question, before: Outlook): readonly Change[] {
  const { capacity } = before.flow;
  // Twice as much; or as much as it takes, where the backlog would never be gone.
  const factor =
    before.recoverySeconds === undefined && capacity.perSecond > 0
      ? Math.max(2, (ratePerSecond * HEADROOM) / capacity.perSecond)
      : 2;
  const times = (path: ForecastPath) => Math.ceil((settings[path] ?? 0) * factor);
  const retention = settings["deadLetterQueue.retentionSeconds"];
  const taken = destination.perSecond ?? Number.POSITIVE_INFINITY;
  const wanted: readonly Change[] = [
    ["processor.maximumConcurrency", times("processor.maximumConcurrency")],
    [
      "processor.batchConcurrency",
      Math.min(settings["processor.batchSize"], times("processor.batchConcurrency")),
    ],
    ["processor.deliveriesPerSecond", Math.min(taken, times("processor.deliveriesPerSecond"))],
    ["destination.timeoutSeconds", Math.ceil(destination.latencySeconds * 2)],
    [
      "breaker.probeCapSeconds",
      Math.max(settings["breaker.probeBaseSeconds"], Math.floor(settings["breaker.probeCapSeconds"] / 3)),
    ],
    [
      "queue.retentionSeconds",
      Math.min(Math.floor(retention * LONGEST_QUEUE_SHARE), settings["queue.retentionSeconds"] * 2),
    ],
    ["overflow.expirationDays", Math.ceil((before.oldestSeconds / DAY_SECONDS) * 2)],
    ["throttling.ratePerSecond", Math.ceil(ratePerSecond * HEADROOM)],
  ];
  return wanted.flatMap(([path, to]) => {
    const from = settings[path];
    const value = within(path, to);
    if (from === undefined || value === from) return [];
    // A longer timeout is worth it only where nothing is delivered within it, and a cap only where it is less.
    if (path === "destination.timeoutSeconds" && capacity.by !== "timeout") return [];
    if (path === "breaker.probeCapSeconds" ? value > from : value < from) return [];
    return isAllowed({ ...settings, [path]: value }) ? [[path, value] as const] : [];
  });
}

function within(path: ForecastPath, value: number): number {
  const limit = limitOfPath(path);
  return "values" in limit ? value : Math.min(limit.maximum, Math.max(limit.minimum, value));
}

/** What a batch takes beside its deliveries, as `infra/rules.ts` wants it. */
const BATCH_MARGIN_SECONDS = 5;

/** Whether a batch whose deliveries all time out, at the pace that is set, fits in an invocation. */
function isAllowed(settings: ForecastSettings): boolean {
  const size = settings["processor.batchSize"];
  const rounds = Math.ceil(size / settings["processor.batchConcurrency"]);
  const pace = settings["processor.deliveriesPerSecond"];
  const paced = pace === undefined ? 0 : Math.ceil((size * settings["processor.maximumConcurrency"]) / pace);
  const least = paced + rounds * settings["destination.timeoutSeconds"] + BATCH_MARGIN_SECONDS;
  return settings["processor.timeoutSeconds"] >= least;
}
