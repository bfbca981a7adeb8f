import { type Bug, roomOf } from "./bug.ts";

export interface Outcome {
  readonly bug: Bug;
  readonly noticed: boolean;
}

/** Of a hundred bugs, so many have to be noticed. */
export const LEAST_PERCENT = 95;

const percentOf = (outcomes: readonly Outcome[]) =>
  outcomes.length === 0 ? 100 : (outcomes.filter(({ noticed }) => noticed).length / outcomes.length) * 100;

/** The score by room, those that nobody noticed by name, and those that nobody could notice. */
export function report(outcomes: readonly Outcome[], equivalent: readonly Bug[]): string[] {
  const rooms = Map.groupBy(outcomes, ({ bug }) => roomOf(bug));
  const line = (name: string, of: readonly Outcome[]) =>
    `${name.padEnd(24)} ${of.filter(({ noticed }) => noticed).length} of ${of.length} noticed, ${percentOf(of).toFixed(1)} %`;
  const survived = outcomes.filter(({ noticed }) => !noticed);
  return [
    ...[...rooms].map(([room, of]) => line(room, of)),
    line("all", outcomes),
    ...survived.map(({ bug }) => `not noticed: ${bug.name}, in ${bug.file}: ${bug.tests.join(", ")}`),
    ...equivalent.map(({ name, equivalent: why }) => `not planted: ${name}: ${why}`),
  ];
}

export function isEnough(outcomes: readonly Outcome[]): boolean {
  return percentOf(outcomes) >= LEAST_PERCENT;
}
