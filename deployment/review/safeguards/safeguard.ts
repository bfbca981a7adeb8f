import { SENSITIVE, UNKNOWN } from "../planned.ts";
import type { Snapshot } from "../snapshot.ts";

/** One way in which a plan loses data or events, although nothing that holds them is deleted. */
export interface Weakness {
  /** Of the resource that gives the safeguard, or gave it. */
  readonly address: string;
  readonly how: "taken away" | "weakened" | "changed" | "interrupted" | "kept for less";
  /** What differs: `route POST /webhook: there → gone`. */
  readonly because: readonly string[];
  readonly lost: string;
  readonly remedy: string;
}

/** One thing that keeps events from being lost, as one resource gives it. */
export interface Held {
  /** What it is, in words that are the same before and after, whatever the address: `route POST /webhook`. */
  readonly key: string;
  readonly address: string;
  /** More is safer; of a text, any other is another thing. Without a level, being there is enough. */
  readonly level?: number | string;
}

/** What happens to a resource on the way. */
export interface Course {
  /** Whether there is a moment without it, though it is there before and after. */
  readonly isInterrupted: (before: string, after: string) => boolean;
}

export interface Safeguard {
  /** What the plan takes from it; empty where it holds as it did. */
  readonly weakened: (before: Snapshot, after: Snapshot, course: Course) => readonly Weakness[];
}

interface Kind {
  readonly held: (snapshot: Snapshot) => readonly Held[];
  readonly lost: string;
  readonly remedy: string;
  /** What is lost in the moment without it; where nothing is, because somebody tries again, it is left out. */
  readonly lostMeanwhile?: string;
  /** Whether another level is a worse one. @default less, and any other text */
  readonly isWorse?: (before: number | string, after: number | string) => boolean;
  /** Whether its absence loses anything, or nothing is limited then. @default true */
  readonly absenceLoses?: boolean;
}

/** A safeguard that can be listed: what is listed before has to be listed after, at the same level at least. */
export function listedSafeguard(kind: Kind): Safeguard {
  return {
    weakened(before, after, course) {
      const left = new Map(kind.held(after).map((held) => [held.key, held]));
      const all = kind.held(before);
      // How well it did what it does no longer is of no interest.
      const gone = new Set(
        all.filter(({ key, level }) => level === undefined && !left.has(key)).map(({ address }) => address),
      );
      return all
        .filter(({ key, address, level }) => level === undefined || left.has(key) || !gone.has(address))
        .flatMap((held) => compare(kind, held, left.get(held.key), course));
    },
  };
}

function compare(kind: Kind, was: Held, is: Held | undefined, course: Course): Weakness[] {
  const { lost, remedy } = kind;
  const weakness = (how: Weakness["how"], from: unknown, to: unknown, what = lost): Weakness => ({
    address: (is ?? was).address,
    how,
    because: [`${was.key}: ${from} → ${to}`],
    lost: what,
    remedy,
  });
  if (is === undefined) {
    return kind.absenceLoses === false ? [] : [weakness("taken away", was.level ?? "there", "gone")];
  }
  if (was.level !== undefined && is.level !== undefined && isWorse(kind, was.level, is.level)) {
    const how = typeof was.level === "number" ? "weakened" : "changed";
    return [weakness(how, was.level, Number.isNaN(is.level) ? UNKNOWN : is.level)];
  }
  if (kind.lostMeanwhile === undefined || !course.isInterrupted(was.address, is.address)) return [];
  return [weakness("interrupted", "there", "gone and made again", kind.lostMeanwhile)];
}

/** What nobody can tell is no safeguard; what was unknown before cannot have become worse. */
function isWorse({ isWorse: worse }: Kind, was: number | string, is: number | string): boolean {
  if (Number.isNaN(was) || was === is) return false;
  if (Number.isNaN(is)) return true;
  if (typeof is === "string" && (is.includes(UNKNOWN) || is.includes(SENSITIVE))) return true;
  if (worse !== undefined) return worse(was, is);
  return typeof was === "number" && typeof is === "number" ? is < was : was !== is;
}

/** Whether a value is on, as a level. */
export function onOff(isOn: boolean): "on" | "off" {
  return isOn ? "on" : "off";
}

/** Of two levels `on` and `off`, and of every text that is not known: only going off loses something. */
export function goesOff(was: number | string, is: number | string): boolean {
  return was === "on" && is !== "on";
}
