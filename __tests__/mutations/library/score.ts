import { roomOf } from "../bug.ts";
import { isNoticed, type Result } from "./mutant.ts";

/** Of a hundred mutants, so many have to be noticed. */
export const LEAST_PERCENT = 85;

/** Standard deviations on either side that hold 95 of 100 samples. */
const DEVIATIONS = 1.96;

/** What StrykerJS could not run says nothing of the tests. */
const COUNTED = new Set(["Killed", "Timeout", "Survived", "NoCoverage"]);

export interface Score {
  readonly name: string;
  /** Mutants of the room, tested or not. */
  readonly size: number;
  readonly tested: number;
  readonly noticed: number;
  /** Of 1. */
  readonly share: number;
  /** Where the share of all mutants lies, with a confidence of 95 %. */
  readonly interval: readonly [number, number];
}

/** By room, in the order of their names. @param sizes how many mutants a room has */
export function scores(results: readonly Result[], sizes: Readonly<Record<string, number>>): Score[] {
  const rooms = Map.groupBy(
    results.filter(({ status }) => COUNTED.has(status)),
    roomOf,
  );
  return [...rooms]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, of]) => {
      const [tested, noticed] = [of.length, of.filter(isNoticed).length];
      const size = Math.max(sizes[name] ?? 0, tested);
      const share = noticed / tested;
      return {
        name,
        size,
        tested,
        noticed,
        share,
        interval: wilson(share, tested / unknownShare(size, tested)),
      };
    });
}

/** Over all rooms: a room counts by its size, not by how much of it was tested. */
export function overall(rooms: readonly Score[]): Score {
  const sum = (of: (room: Score) => number) => rooms.reduce((all, room) => all + of(room), 0);
  const size = sum((room) => room.size);
  const tested = sum((room) => room.tested);
  const share = size === 0 ? 1 : sum((room) => (room.size / size) * room.share);
  const variance = sum(
    (room) =>
      ((room.size / size) ** 2 * room.share * (1 - room.share) * unknownShare(room.size, room.tested)) /
      room.tested,
  );
  // As many as a plain sample of the same variance has.
  const asMany = variance > 0 ? (share * (1 - share)) / variance : tested / unknownShare(size, tested);
  return {
    name: "all",
    size,
    tested,
    noticed: sum((room) => room.noticed),
    share,
    interval: wilson(share, asMany),
  };
}

/** 0 where all were tested: then nothing is left to chance. */
const unknownShare = (size: number, tested: number) => (size <= 1 ? 0 : (size - tested) / (size - 1));

/** Wilson's interval of a share. @param tested may be infinite */
export function wilson(share: number, tested: number): readonly [number, number] {
  if (!Number.isFinite(tested)) return [share, share];
  const square = DEVIATIONS ** 2 / tested;
  const middle = (share + square / 2) / (1 + square);
  const reach = Math.sqrt(share * (1 - share) * square + square ** 2 / 4) / (1 + square);
  return [middle - reach, middle + reach];
}

/** A row for each room, and one for all. */
export function table(rooms: readonly Score[]): string[] {
  const percent = (of: number) => `${(of * 100).toFixed(1)} %`;
  return [...rooms, overall(rooms)].map(
    ({ name, size, tested, noticed, share, interval: [least, most] }) =>
      `${name.padEnd(22)} ${percent(share).padStart(7)}   ${percent(least)} to ${percent(most)}   ` +
      `${noticed} of ${tested} noticed, of ${size} in all`,
  );
}
