/** Attributes of a Terraform block, of no particular shape. */
export type Attributes = Readonly<Record<string, unknown>>;

/** The part of `cdk.tf.json` that is read here. */
export interface SynthesisedStack {
  readonly terraform: { readonly backend?: Attributes; readonly cloud?: unknown };
  readonly output?: Attributes;
  readonly provider: Readonly<Record<string, readonly Attributes[]>>;
  readonly resource: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
}

/** A block that Terraform JSON writes as an object or as a list of one. */
export function block(value: unknown): Attributes | undefined {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return typeof one === "object" && one !== null ? (one as Attributes) : undefined;
}
