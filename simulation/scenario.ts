import type { EnvironmentInput } from "../contract/settings/environment.ts";
import type { FaultPlan } from "./faults.ts";
import type { Judgement } from "./judge.ts";
import type { Operator } from "./operator.ts";
import type { Random } from "./random.ts";
import type { Arrivals } from "./world/arrivals.ts";
import type { Script } from "./world/destination.ts";
import type { Way } from "./world/genesys.ts";

/** What goes on around the pipeline in one run. Times are milliseconds since the run began. */
export interface World {
  readonly milliseconds: number;
  readonly arrivals: readonly Arrivals[];
  /** When requests come that somebody has forged. @default none do */
  readonly forged?: readonly Arrivals[];
  /** The event with this number, from 0. Two of the same bytes are two events. `stream`: by which of `arrivals` it came. */
  readonly event: (
    number: number,
    random: Random,
    stream: number,
  ) => { readonly way: Way; readonly event: Readonly<Record<string, unknown>>; readonly eventType: string };
  readonly destination: Script;
  readonly faults?: FaultPlan;
  readonly skewMilliseconds?: number;
  /** What each call of AWS takes. @default each another time */
  readonly callMilliseconds?: number;
  readonly accountConcurrency?: number;
  /** What a person does, and when. */
  readonly acts?: readonly { readonly at: number; readonly act: (operator: Operator) => void }[];
}

export interface Scenario {
  readonly name: string;
  /** In a sentence, what it shows. */
  readonly shows: string;
  /** How many seeds the gate runs; a night runs more. 0: only a night, or who asks for it by name. */
  readonly seeds: number;
  /** What of the environment is not as by default. */
  readonly settings?: Partial<EnvironmentInput>;
  /** @default 900, as the alarm's own */
  readonly oldestSeconds?: number;
  /** Drawn anew for each seed. */
  readonly world: (random: Random) => World;
  /** What must be true beside what holds always: nothing lost, keys and reasons true. One sentence for each that is not. */
  readonly expect: (judgement: Judgement) => readonly string[];
  /**
   * It does not hold yet. A figure of how far it falls short, less being better: the gate fails where a run is
   * worse than `atMost` (a little above the worst of a night), and where all of its runs are well, so that it is taken off the list.
   */
  readonly fallsShort?: {
    readonly because: string;
    readonly figure: (judgement: Judgement) => number;
    readonly atMost: number;
  };
}
