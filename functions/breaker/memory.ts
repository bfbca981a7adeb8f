import { defined } from "../../contract/defined.ts";
import { type Evidence, noEvidence, noTally, type Tally } from "../../contract/evidence.ts";
import type { Seen } from "./observation.ts";

const MOST = 200;
const LONGEST_MILLISECONDS = 10 * 60_000;

/**
 * The latest that one execution environment has seen. In fair weather nobody else is told of it; it goes along with the
 * first failure, and it is all there is while the state table is out of reach.
 */
export class Memory {
  #seen: Seen[] = [];

  add(seen: readonly Seen[], now: number): void {
    const young = [...this.#seen, ...seen].filter(({ at }) => now - at < LONGEST_MILLISECONDS);
    this.#seen = young.slice(-MOST);
  }

  /** Takes out what the others have not been told. */
  takeSuccesses(now: number): readonly Seen[] {
    this.add([], now);
    const taken = this.#seen.filter(({ kind }) => kind === "succeeded");
    this.#seen = [];
    return taken;
  }

  /** As far as a single environment can know. */
  get evidence(): Evidence {
    const types = new Map<string, Tally>();
    for (const { kind, type } of this.#seen) {
      const tally = types.get(type) ?? noTally;
      types.set(type, { ...tally, [kind]: tally[kind] + 1 });
    }
    const last = this.#seen.findLast(({ kind }) => kind === "succeeded");
    return { ...noEvidence, types, ...defined({ lastSuccessAt: last?.at }) };
  }
}
