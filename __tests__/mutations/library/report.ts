import { roomOf } from "../bug.ts";
import { identityOf, isMissed, isNoticed, placeOf, type Result } from "./mutant.ts";
import { LEAST_PERCENT, overall, scores, table } from "./score.ts";
import type { Plan } from "./work.ts";

const WIDTH = 70;

export interface Report {
  readonly lines: readonly string[];
  readonly isEnough: boolean;
}

export function report(
  all: readonly Result[],
  { chosen, sizes }: Plan,
  { missed }: { readonly missed: boolean },
): Report {
  const named = new Set(chosen);
  const results = all.filter((result) => named.has(identityOf(result)));
  const left = chosen.length - results.length;
  const listed = results
    .filter(isMissed)
    .map((result) => `missed: ${placeOf(result)} ${change(result)}${note(result)}`);
  const lines = [
    ...listed.sort(),
    ...(left > 0 ? [`${left} of ${chosen.length} have not run: the same command goes on.`] : []),
  ];
  if (missed) {
    const noticed = results.filter(isNoticed).length;
    const summary = `${noticed} of ${results.length} that were missed are noticed now.`;
    return { lines: [...lines, summary], isEnough: listed.length === 0 };
  }
  const rooms = scores(inTurn(chosen, results), sizes);
  return { lines: [...lines, ...table(rooms)], isEnough: overall(rooms).share * 100 >= LEAST_PERCENT };
}

/**
 * Those before the first of their room that has not run. StrykerJS tells of what no test reaches before it runs
 * anything: beside few others it would count for too much.
 */
function inTurn(chosen: readonly string[], results: readonly Result[]): readonly Result[] {
  const known = new Map(results.map((result) => [identityOf(result), result]));
  const stopped = new Set<string>();
  return chosen.flatMap((identity) => {
    const room = roomOf({ file: identity.split(":", 1)[0] ?? "" });
    const result = known.get(identity);
    if (result === undefined) stopped.add(room);
    return result === undefined || stopped.has(room) ? [] : [result];
  });
}

const change = ({ original, replacement }: Result) => `${short(original)} → ${short(replacement)}`;

const note = ({ status }: Result) => (status === "NoCoverage" ? " (no test reaches it)" : "");

function short(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length <= WIDTH ? line : `${line.slice(0, WIDTH / 2)} … ${line.slice(-WIDTH / 2)}`;
}
