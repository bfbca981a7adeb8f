/** A value of JSON, of no particular shape. */
export type Values = Readonly<Record<string, unknown>>;

/** What changes about one resource or output. */
export interface Change {
  readonly actions: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
  /** `true`, or a tree of the same shape with `true` where Terraform does not know yet. */
  readonly after_unknown?: unknown;
  /** `true`, or a tree of the same shape with `true` where nothing may be shown. */
  readonly before_sensitive?: unknown;
  readonly after_sensitive?: unknown;
  /** Which attributes force a replacement. */
  readonly replace_paths?: readonly (readonly (string | number)[])[];
  /** Present where something that is there already comes under Terraform's care. */
  readonly importing?: { readonly id?: string } | null;
}

export interface PlannedResource {
  readonly address: string;
  readonly previous_address?: string;
  readonly mode: string;
  readonly type: string;
  readonly action_reason?: string;
  /** Marks what a replacement has left behind: its address is that of the resource that took its place. */
  readonly deposed?: string;
  readonly change: Change;
}

interface StateValues {
  readonly root_module?: {
    readonly resources?: readonly { readonly address: string; readonly values?: Values }[];
  };
}

/** The part of `terraform show -json <plan>` that is read here (format version 1). */
export interface PlanJson {
  readonly terraform_version: string;
  readonly resource_changes?: readonly PlannedResource[];
  /** What somebody changed behind Terraform's back. */
  readonly resource_drift?: readonly PlannedResource[];
  readonly output_changes?: Readonly<Record<string, Change>>;
  readonly planned_values?: StateValues;
  readonly prior_state?: { readonly values?: StateValues };
}

/** The part of `cdk.tf.json` that is read here. */
export interface StackJson {
  readonly provider?: Readonly<Record<string, readonly Values[]>>;
  readonly terraform?: Values;
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Values>>>>;
}

export function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Nothing, in all the ways in which the provider writes it. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  if (Array.isArray(value)) return value.every(isEmpty);
  return isObject(value) && Object.values(value).every(isEmpty);
}

/** A JSON document out of a string; `undefined` for any other text. */
export function document(value: unknown): Values | readonly unknown[] | undefined {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value) as Values | readonly unknown[];
  } catch {
    return undefined;
  }
}
