import { isDeepStrictEqual } from "node:util";

/** One thing that was asked for, and what the cloud says of it. */
export interface Finding {
  /** What it belongs to: a Terraform address. */
  readonly resource: string;
  /** Which of its properties. */
  readonly property: string;
  readonly asked: unknown;
  readonly found: unknown;
}

/** Whether the cloud holds what was asked for. Objects are equal whatever the order of their keys. */
export function isMet(finding: Finding): boolean {
  return isDeepStrictEqual(finding.asked, finding.found);
}

/**
 * Findings of one resource, from `property: [asked, found]`. What the stack does not ask for is left out: its
 * value is the provider's affair.
 */
export function compare(
  resource: string,
  properties: Readonly<Record<string, readonly [asked: unknown, found: unknown]>>,
): Finding[] {
  return Object.entries(properties)
    .filter(([, [asked]]) => asked !== undefined && asked !== null)
    .map(([property, [asked, found]]) => ({ resource, property, asked, found }));
}

/** A JSON document as what it says, not as it is spelled; `undefined` for none. */
export function parsed(json: unknown): unknown {
  if (typeof json !== "string" || json === "") return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

/** Sorted, for lists whose order means nothing. */
export function sorted(values: unknown): unknown {
  return Array.isArray(values) ? [...values].sort() : values;
}
