import type { FunctionName } from "../../contract/environment.ts";

/** From `from` (inclusive) to `to` (exclusive): milliseconds since 1970. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/**
 * What lines are wanted: all of what is given has to fit. A source may give more than that, so whoever reads looks
 * again. Nothing given: every line about an event.
 */
export interface LineFilter {
  /** A line's `event_id` or `short_id` contains this. */
  readonly id?: string;
  readonly conversation?: string;
  readonly sources?: readonly string[];
  /** Globs; lower and upper case are the same. */
  readonly types?: readonly string[];
}

export interface LogLine {
  readonly function: FunctionName;
  /** As the function wrote it: JSON, or whatever else it has printed. */
  readonly text: string;
}

/** What `follow` gives beside lines: a poll that failed or came late. It goes on. */
export interface LogNote {
  readonly note: string;
}

/** What a look has cost. */
export interface LookCost {
  readonly bytesScanned: number;
  /** US dollars, list price. */
  readonly dollars: number;
}

/** Where a pipeline's log lies. Both implementations give the same lines. */
export interface LogSource {
  /** A sentence for a person: where it looks, and how late it may be. */
  readonly about: string;
  /** Since when lines are kept: milliseconds since 1970; 0 where all are, `undefined` where nobody may say. */
  keptSince(): Promise<number | undefined>;
  /**
   * Lines of a range, in no order, possibly twice. Memory is bounded, whatever there is.
   *
   * @throws what the service throws once its retries are used up; the signal's reason
   */
  query(range: TimeRange, filter: LineFilter, signal: AbortSignal): AsyncIterable<LogLine>;
  /** What all queries so far have cost; `undefined` where a look costs nothing. */
  readonly cost: LookCost | undefined;
  /**
   * Lines as they come, from now on, none twice and none left out, until the signal is aborted: it ends then, and
   * throws nothing.
   *
   * @param onBegun told once, when no line that is written from then on is left out: whoever looks back then has a gap
   *   nowhere
   */
  follow(filter: LineFilter, signal: AbortSignal, onBegun?: () => void): AsyncIterable<LogLine | LogNote>;
}
