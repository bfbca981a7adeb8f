import type { Planting } from "../../support/plant.ts";

/** A mutant that no test could notice. Its pattern and its replacement may be longer than what the mutant changes. */
export interface Equivalent extends Omit<Planting, "name"> {
  readonly why: string;
}

export const equivalents: readonly Equivalent[] = [
  {
    file: "functions/receiver/preflight.ts",
    pattern: "origin === undefined || !origins",
    replacement: "false || !origins",
    why: "A list of texts holds no undefined: the type asks for the question.",
  },
  {
    file: "functions/receiver/route.ts",
    pattern: ".exec(segment) ?? []",
    replacement: '.exec(segment) ?? ["Stryker was here"]',
    why: "Only what stands behind the first element is read.",
  },
  {
    file: "functions/destination/addresses.ts",
    pattern: String.raw`/^\[|\]$/g`,
    replacement: String.raw`/\[|\]$/g`,
    why: "A URL's host has brackets at its ends alone.",
  },
  {
    file: "functions/destination/addresses.ts",
    pattern: String.raw`/^\[|\]$/g`,
    replacement: String.raw`/^\[|\]/g`,
    why: "A URL's host has brackets at its ends alone.",
  },
];
