import { createHash } from "node:crypto";
import { roomOf } from "../bug.ts";
import { identityOf, type Mutant } from "./mutant.ts";

/**
 * As many mutants of each room, or all that it has, in an order by chance, and the rooms in turn: what has run of a
 * sample that is interrupted is a smaller sample. The same seed chooses the same ones.
 */
export function sample<M extends Mutant>(mutants: readonly M[], perRoom: number, seed: number): readonly M[] {
  const rank = (mutant: Mutant) =>
    createHash("sha256")
      .update(`${seed} ${identityOf(mutant)}`)
      .digest("hex");
  return [...Map.groupBy(mutants, roomOf).values()]
    .flatMap((room) =>
      room
        .map((mutant) => ({ mutant, rank: rank(mutant) }))
        .sort((one, other) => (one.rank < other.rank ? -1 : 1))
        .slice(0, perRoom)
        .map(({ mutant }, turn) => ({ mutant, turn })),
    )
    .sort((one, other) => one.turn - other.turn)
    .map(({ mutant }) => mutant);
}
