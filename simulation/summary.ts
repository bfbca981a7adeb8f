import type { RunReport } from "./run.ts";
import type { Scenario } from "./scenario.ts";

/** What all runs of one scenario say together. */
export interface ScenarioSummary {
  readonly name: string;
  readonly runs: number;
  readonly events: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly faults: number;
  /** `ok`: as expected. `short`: falls short as far as is known. `failed`: what is told in `problems`. */
  readonly state: "ok" | "short" | "failed";
  /** How far it falls short, at worst. */
  readonly figure: number | undefined;
  readonly problems: readonly string[];
}

/** Holds the runs of a scenario to what it expects. */
export function summarise(scenario: Scenario, reports: readonly RunReport[]): ScenarioSummary {
  const sum = (of: (report: RunReport) => number) => reports.reduce((all, report) => all + of(report), 0);
  const { fallsShort } = scenario;
  const figures =
    fallsShort === undefined ? [] : reports.map(({ judgement }) => fallsShort.figure(judgement));
  const figure = fallsShort === undefined ? undefined : Math.max(...figures);
  const problems = fallsShort === undefined ? reports.flatMap(problemsOf) : known(scenario, reports, figures);
  return {
    name: scenario.name,
    runs: reports.length,
    events: sum(({ events }) => events),
    acknowledged: sum(({ judgement }) => judgement.acknowledged),
    lost: sum(({ judgement }) => judgement.lost.length),
    faults: sum(({ faults }) => faults),
    state: problems.length > 0 ? "failed" : fallsShort === undefined ? "ok" : "short",
    figure,
    problems,
  };
}

/** What a person types to see that run again, event by event. */
function repeat(scenario: string, seed: number): string {
  return `npm run simulate -- --scenario ${scenario} --seed ${seed} --trace`;
}

function problemsOf({ scenario, seed, failures }: RunReport): string[] {
  if (failures.length === 0) return [];
  const more = failures.length > 3 ? `; and ${failures.length - 3} more` : "";
  return [`seed ${seed}: ${failures.slice(0, 3).join("; ")}${more}\n    ${repeat(scenario, seed)}`];
}

/** A scenario that is known to fall short must get no worse, and has to leave the list when it is met. */
function known(
  { name, fallsShort }: Scenario,
  reports: readonly RunReport[],
  figures: readonly number[],
): string[] {
  if (fallsShort === undefined) return [];
  if (reports.every(({ failures }) => failures.length === 0)) {
    return [`is met in all of ${reports.length} runs: take its fallsShort out of simulation/scenarios.ts`];
  }
  return reports.flatMap(({ seed }, at) => {
    const figure = figures[at] ?? 0;
    if (figure <= fallsShort.atMost) return [];
    return [
      `seed ${seed}: falls short by ${figure}, more than the known ${fallsShort.atMost}\n    ${repeat(name, seed)}`,
    ];
  });
}
