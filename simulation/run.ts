import { defined } from "../contract/defined.ts";
import { Backlog } from "./backlog.ts";
import { VirtualClock } from "./clock.ts";
import { type Judgement, judge, Silence } from "./judge.ts";
import { Operator } from "./operator.ts";
import { Pipeline } from "./pipeline.ts";
import { Random } from "./random.ts";
import type { Scenario, World } from "./scenario.ts";
import type { SimulatedStack } from "./stack.ts";
import { Trace } from "./trace.ts";
import { schedule } from "./world/arrivals.ts";
import { Genesys } from "./world/genesys.ts";
import { Stranger } from "./world/stranger.ts";

/** One run of a scenario under one seed. */
export interface RunReport {
  readonly scenario: string;
  readonly seed: number;
  readonly judgement: Judgement;
  /** Of the trace: the same for two runs in which the same happened. */
  readonly digest: string;
  readonly events: number;
  readonly faults: number;
  /** What is not as expected; nothing where the run is as it should be. */
  readonly failures: readonly string[];
}

/**
 * Runs a scenario in virtual time. One at a time in a process: the clock is everybody's.
 *
 * @param print takes every line of the trace
 */
export async function run(
  scenario: Scenario,
  stack: SimulatedStack,
  seed: number,
  print?: (line: string) => void,
): Promise<RunReport> {
  const random = Random.stream(seed, "code");
  const clock = new VirtualClock();
  const takeBack = clock.install(() => random.next());
  try {
    const world = scenario.world(Random.stream(seed, "world"));
    const trace = new Trace(() => clock.now, print);
    const pipeline = new Pipeline(clock, trace, {
      stack,
      seed,
      faults: world.faults ?? { rate: 0 },
      destination: world.destination,
      skewMilliseconds: world.skewMilliseconds ?? 0,
      ...defined({
        accountConcurrency: world.accountConcurrency,
        callMilliseconds: world.callMilliseconds,
      }),
    });
    const genesys = new Genesys(pipeline, clock);
    const silence = new Silence(pipeline, genesys.sent, scenario.oldestSeconds ?? OLDEST_SECONDS);
    const backlog = new Backlog(pipeline, genesys.sent);
    send(world, pipeline, genesys, seed);
    forge(world, pipeline, seed);
    const operator = new Operator(pipeline);
    for (const { at, act } of world.acts ?? []) clock.after(at, () => act(operator));
    await clock.runUntil(clock.now + world.milliseconds);
    const judgement = judge(pipeline, genesys.sent, silence, backlog);
    return {
      scenario: scenario.name,
      seed,
      judgement,
      digest: trace.digest(),
      events: genesys.sent.length,
      faults: pipeline.faults.count,
      failures: failuresOf(scenario, judgement),
    };
  } finally {
    takeBack();
  }
}

/** The alarm's default: contract/settings/alarms.ts. */
const OLDEST_SECONDS = 900;

function send(world: World, { clock }: Pipeline, genesys: Genesys, seed: number): void {
  let number = 0;
  world.arrivals.forEach((arrivals, at) => {
    const random = Random.stream(seed, `arrivals ${at}`);
    schedule(clock, random, arrivals, () => {
      const { way, event, eventType } = world.event(number++, random, at);
      genesys.send(way, event, eventType);
    });
  });
}

function forge({ forged = [] }: World, { clock, api }: Pipeline, seed: number): void {
  const stranger = new Stranger(api);
  forged.forEach((arrivals, at) => {
    schedule(clock, Random.stream(seed, `forged ${at}`), arrivals, () => stranger.forge());
  });
}

/** What holds in every run, and what this scenario expects beside it. */
function failuresOf(scenario: Scenario, judgement: Judgement): string[] {
  const always = [
    judgement.acknowledged === 0 && "Nothing was acknowledged",
    judgement.lost.length > 0 && `${judgement.lost.length} lost: ${judgement.lost.slice(0, 3).join("; ")}`,
    ...judgement.faults,
  ].filter((line) => line !== false);
  return [...always, ...scenario.expect(judgement)];
}
