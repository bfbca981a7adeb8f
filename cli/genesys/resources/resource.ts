/** What the platform has of a kind: found by its name, changed by its id. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

/** A field in which what is there is not what is wanted. */
export interface Difference {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** One kind of thing in Genesys Cloud, as far as creating it once, changing and deleting it needs. */
export interface Resource<Wanted extends { readonly name: string }, Thing extends Named> {
  /** "webhook", in sentences. */
  readonly noun: string;
  /** All of them, whatever the number of pages. */
  list(): Promise<readonly Thing[]>;
  /** Creates it; what creation cannot set is left to `update`. Not repeated where the outcome is unclear. */
  create(wanted: Wanted): Promise<Thing>;
  /** Where it is not as wanted. What the platform does not show cannot differ. */
  differences(wanted: Wanted, thing: Thing): readonly Difference[];
  /** Makes it as wanted, all of it. */
  update(wanted: Wanted, thing: Thing): Promise<Thing>;
  delete(thing: Thing): Promise<void>;
  /** When it was created, in a form that sorts; absent where the platform does not say. */
  createdAt?(thing: Thing): string;
  /** Whether somebody has only just created it and not set it up yet. */
  isBare?(thing: Thing): boolean;
}

/** The fields of `wanted` that `actual` has otherwise; order counts in lists, not in objects. */
export function compare(
  wanted: Readonly<Record<string, unknown>>,
  actual: Readonly<Record<string, unknown>>,
): Difference[] {
  return Object.entries(wanted)
    .filter(([field, value]) => value !== undefined && canonical(value) !== canonical(actual[field]))
    .map(([field, to]) => ({ field, from: actual[field], to }));
}

/** JSON with its keys in order, so that equal values are equal texts. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === "object" && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? ""
  );
}

/** A secret's difference, where the platform shows the one that it has. */
export function secretDifference(
  field: string,
  wanted: string | undefined,
  actual: string | undefined,
): Difference[] {
  if (wanted === undefined || actual === undefined || actual === wanted) return [];
  return [{ field, from: "(another)", to: "(secret)" }];
}
