import type { BreakerStatus } from "../cli/breaker/status.ts";
import type { Cause } from "../cli/dlq/causes.ts";
import type { DeadLetter } from "../cli/dlq/dead-letter.ts";
import type { EventHistory, Outcome } from "../cli/events/history.ts";

/**
 * What the page asks its server, and what it is answered: `POST /api/<call>` with JSON both ways. Nothing else does or
 * tells anything. Times are ISO 8601 in UTC, ages seconds.
 */
export interface Calls {
  readonly environment: Call<None, EnvironmentInfo>;
  readonly breaker: Call<None, BreakerStatus>;
  readonly queue: Call<None, QueueState>;
  readonly metrics: Call<{ readonly minutes: number }, MetricSeries>;
  readonly alarms: Call<None, readonly AlarmInfo[]>;
  /** What an outage would do, under the settings that really run. */
  readonly forecast: Call<ForecastQuestion, ForecastAnswer>;
  /** Begins a look at all dead letters, unless one is under way. */
  readonly look: Call<None, SnapshotStatus>;
  readonly snapshot: Call<None, SnapshotStatus>;
  readonly causes: Call<{ readonly filter: FilterWords }, Causes>;
  readonly deadLetters: Call<{ readonly filter: FilterWords; readonly page: number }, DeadLetterPage>;
  readonly deadLetter: Call<{ readonly id: string }, DeadLetterDetail>;
  /** What the logs tell of events, from the first time on that this is asked. */
  readonly events: Call<
    { readonly search: string; readonly outcome: Outcome | ""; readonly page: number },
    EventPage
  >;
  /**
   * One event's way: what is known of it already or, where that may cost something, what a look into the logs since
   * `from` tells.
   */
  readonly history: Call<
    { readonly id: string; readonly from?: string; readonly look: boolean },
    { readonly history?: EventHistory; readonly about: string }
  >;
  /** What `redrive` would do, by a look that is made for it. */
  readonly dryRun: Call<{ readonly filter: FilterWords }, { readonly said: string }>;
  /** Begins an action; what becomes of it is in `activity`. */
  readonly act: Call<{ readonly action: Action }, Activity>;
  /** Interrupts an action, as Ctrl-C does. */
  readonly cancel: Call<{ readonly id: number }, None>;
  readonly activity: Call<None, readonly Activity[]>;
}

interface Call<Input, Output> {
  readonly input: Input;
  readonly output: Output;
}

type None = Readonly<Record<string, never>>;

/** The command's filters by their options' names, as they are typed: `{ class: "permanent", status: "4xx,none" }`. */
export type FilterWords = Readonly<Partial<Record<FilterName, string>>>;

export const filterNames = [
  "class",
  "status",
  "source",
  "type",
  "reason",
  "since",
  "until",
  "id",
  "conversation",
  "cause",
] as const;
export type FilterName = (typeof filterNames)[number];

/** Something that changes something; each is what a command does. */
export type Action =
  | { readonly kind: "redrive"; readonly filter: FilterWords }
  | { readonly kind: "export"; readonly filter: FilterWords }
  | { readonly kind: "breaker"; readonly to: "open"; readonly reason: string }
  | { readonly kind: "breaker"; readonly to: "close" }
  | { readonly kind: "replay"; readonly id: string; readonly to: string };

export interface EnvironmentInfo {
  /** As a person would call it. */
  readonly title: string;
  readonly kind: "deployed" | "local";
  /** What comes after a command for this environment: `--environment production`. */
  readonly option: string;
  /** As whom AWS knows the operator, or this machine where AWS does not say. */
  readonly operator: string;
  /** How often the page asks, and what that costs. */
  readonly pace: {
    readonly seconds: number;
    /** For graphs. */
    readonly metricSeconds: number;
    readonly note: string;
  };
}

export interface ForecastQuestion {
  readonly ratePerSecond: number;
  readonly outageHours: number;
  /** The destination's. */
  readonly latencyMilliseconds: number;
}

export interface ForecastAnswer {
  readonly rows: readonly (readonly [what: string, told: string])[];
  /** What would help most. */
  readonly advice: string;
  /** Seconds since the outage began, events that wait, and the age of the oldest. */
  readonly points: readonly {
    readonly at: number;
    readonly waiting: number;
    readonly oldestSeconds: number;
  }[];
  /** Settings that AWS is not asked for: these are the defaults. */
  readonly notRead: readonly string[];
  /** The command that tells the same. */
  readonly command: string;
}

/** As SQS approximates it. */
export interface QueueState {
  readonly at: string;
  readonly waiting: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** Since the oldest message was sent, where CloudWatch knows; not of those that were received three times. */
  readonly oldestSeconds?: number;
  /** Messages on the dead-letter queue, hidden ones included. */
  readonly deadLetters: number;
}

/** Values by period; `null`: none. All series are as long as `times`. */
export interface MetricSeries {
  readonly periodSeconds: number;
  /** Seconds since 1970 at which each period begins. */
  readonly times: readonly number[];
  readonly series: Readonly<Record<SeriesName, readonly (number | null)[]>>;
  /** Events a minute over the last five whole minutes; absent where there are no values. */
  readonly inPerMinute?: number;
  readonly outPerMinute?: number;
}

export type SeriesName = "accepted" | "delivered" | "retried" | "deadLettered" | "backlog" | "oldestSeconds";

export interface AlarmInfo {
  readonly name: string;
  readonly state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  readonly since?: string;
  readonly happened: string;
  /** The command to run first. */
  readonly runFirst: string;
  /** Somebody has switched its actions off: it would tell nobody. */
  readonly silenced: boolean;
}

/** What is known of all dead letters: a copy from a moment, kept by the server. */
export interface SnapshotStatus {
  /** When the last look ended; absent before the first one. */
  readonly at?: string;
  readonly count: number;
  /** A look under way. */
  readonly running?: { readonly seen: number; readonly about: number };
  /** What the look could not see. */
  readonly notes: readonly string[];
  /** About how many of the queue's dead letters that was: somebody else was looking at them. */
  readonly unseen: number;
  /** Why the last look failed. */
  readonly error?: ErrorInfo;
}

export interface Causes {
  readonly at: string;
  /** Those with the most dead letters. */
  readonly causes: readonly Cause[];
  /** Causes that are left out. */
  readonly more: number;
  /** Dead letters that were chosen, and of how many. */
  readonly chosen: number;
  readonly lookedAt: number;
}

interface DeadLetterRow extends DeadLetter {
  /** Of its event, as a person would call it. */
  readonly shortId: string;
}

export interface DeadLetterPage {
  readonly at: string;
  readonly rows: readonly DeadLetterRow[];
  readonly page: number;
  readonly pages: number;
  readonly chosen: number;
  readonly lookedAt: number;
}

export interface DeadLetterDetail {
  readonly deadLetter: DeadLetter;
  /** SQS's message, as text in which everything can be seen. */
  readonly envelope: string;
  /** The event, likewise; or a sentence on why there is none. */
  readonly payload:
    | { readonly text: string; readonly bytes: number; readonly cut: boolean }
    | { readonly absent: string };
  /** The request that would be made, for a shell; absent where the event is no text. */
  readonly curl?: string;
}

export interface EventPage {
  /** Where they are from, how late that may be, and what it costs. */
  readonly about: string;
  /** From when on nothing is missing. */
  readonly since?: string;
  /** Events that are known, and those that were forgotten because there were too many. */
  readonly known: number;
  readonly forgotten: number;
  readonly chosen: number;
  readonly page: number;
  readonly pages: number;
  readonly rows: readonly (Omit<EventHistory, "steps"> & { readonly shortId: string })[];
  /** Why the logs are not followed any more. */
  readonly error?: ErrorInfo;
}

export interface Activity {
  readonly id: number;
  readonly startedAt: string;
  readonly endedAt?: string;
  /** Who did it. */
  readonly operator: string;
  /** The command that it equals. */
  readonly command: string;
  readonly state: "running" | "done" | "attention" | "failed";
  readonly progress?: { readonly done: number; readonly total: number; readonly doing: string };
  /** What the command would have said, line by line. */
  readonly said: readonly string[];
}

/** What went wrong and what to do, with a status of 4xx or 5xx. */
export interface ErrorInfo {
  readonly message: string;
  readonly remedy: string;
}

/** What the server tells on `POST /api/changes`, a line each: what should be asked for anew. */
export type Change = "state" | "snapshot" | "activity" | "events";
