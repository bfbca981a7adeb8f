import { type RedrivenBy, type Step, stepKinds } from "./step.ts";

/** In the order in which they happened; what happened within a millisecond, in the order of an event's way. */
export function inOrder(steps: Iterable<Step>): Step[] {
  const rank = ({ kind }: Step) => stepKinds.indexOf(kind);
  return [...steps].sort(
    (a, b) =>
      compare(a.at, b.at) ||
      (a.attempt ?? 0) - (b.attempt ?? 0) ||
      rank(a) - rank(b) ||
      compare(JSON.stringify(a), JSON.stringify(b)),
  );
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/**
 * The steps with the redrives that no line tells of: recovery writes a line for each, a person's command and other
 * tools write none. The processor's next line says that there was one, and by whom, if the message does.
 *
 * @param ordered as {@link inOrder} gives them
 */
export function withRedrives(ordered: readonly Step[]): Step[] {
  let redrives: number | undefined;
  let isDead = false;
  const way: Step[] = [];
  for (const step of ordered) {
    if (step.kind === "accepted" || step.kind === "spilled") redrives ??= 0;
    const { redrives: now = 0 } = step;
    if (step.kind === "redriven") isDead = false;
    else if (step.function === "processor") {
      const isCounted = redrives !== undefined && now > redrives;
      if (isCounted || (isDead && step.by === "unknown")) way.push(inferred(step, step.by ?? "unknown"));
      isDead = step.kind === "dead";
    }
    if (step.redrives !== undefined || step.function === "processor") redrives = Math.max(redrives ?? 0, now);
    way.push(step);
  }
  return way;
}

function inferred({ at, durationMilliseconds = 0, redrives, function: name }: Step, by: RedrivenBy): Step {
  return {
    at: new Date(Date.parse(at) - durationMilliseconds).toISOString(),
    kind: "redriven",
    function: name,
    message: "",
    ...(redrives === undefined ? {} : { redrives }),
    by,
    inferred: true,
  };
}
