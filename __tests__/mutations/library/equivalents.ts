import type { Planting } from "../../support/plant.ts";

/** A mutant that no test could notice. Its pattern and its replacement may be longer than what the mutant changes. */
export interface Equivalent extends Omit<Planting, "name"> {
  readonly why: string;
}

export const equivalents: readonly Equivalent[] = [];
