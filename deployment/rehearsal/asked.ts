import { interpolate } from "../../terraform/expression.ts";

/** Attributes of a Terraform block, of no particular shape. */
export type Attributes = Readonly<Record<string, unknown>>;

/** One resource of the synthesised stack. */
export interface AskedResource {
  readonly address: string;
  /** What `cdk.tf.json` gives, with references to other resources filled in from the state. */
  readonly attributes: Attributes;
  /** What Terraform noted after the apply: identities that only the cloud could give. */
  readonly state: Attributes;
}

/** The part of `cdk.tf.json` that is read here. */
export interface SynthesisedStack {
  readonly terraform: { readonly backend?: Attributes };
  readonly output?: Attributes;
  readonly provider: Readonly<Record<string, readonly Attributes[]>>;
  readonly resource: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
}

/** The part of `terraform show -json` that is read here. */
export interface TerraformState {
  readonly values?: {
    readonly root_module?: {
      readonly resources?: readonly { readonly address: string; readonly values: Attributes }[];
    };
  };
}

/**
 * What a stack asks for: its resources by type. An expression that this cannot resolve stays as it is
 * written, so that the comparison reports it rather than passes it over.
 */
export class AskedStack {
  readonly #stack: SynthesisedStack;
  readonly #state: ReadonlyMap<string, Attributes>;

  constructor(stack: SynthesisedStack, state: TerraformState) {
    this.#stack = stack;
    this.#state = new Map((state.values?.root_module?.resources ?? []).map((r) => [r.address, r.values]));
  }

  /** Every resource of a type, e.g. `aws_sqs_queue`. */
  ofType(type: string): AskedResource[] {
    return Object.entries(this.#stack.resource[type] ?? {}).map(([name, attributes]) => {
      const address = `${type}.${name}`;
      return {
        address,
        attributes: this.#resolve(attributes) as Attributes,
        state: this.#state.get(address) ?? {},
      };
    });
  }

  #resolve(value: unknown): unknown {
    if (typeof value === "string") return this.#fill(value);
    if (Array.isArray(value)) return value.map((item) => this.#resolve(item));
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.#resolve(inner)]));
    }
    return value;
  }

  #fill(text: string): unknown {
    const whole = /^\$\{([^${}]+)\}$/.exec(text);
    if (whole?.[1] !== undefined) return this.#lookUp(whole[1]) ?? text;
    if (text.includes("${jsonencode(")) return this.#evaluate(text);
    return text.replace(/(?<!\$)\$\{([^${}]+)\}/g, (expression, inner: string) => {
      const found = this.#lookUp(inner);
      return found === undefined ? expression : String(found);
    });
  }

  #evaluate(text: string): string {
    try {
      return interpolate(text, ({ address, attribute }) => {
        const found = this.#lookUp(`${address}.${attribute}`);
        if (found === undefined) throw new Error(`${address} has no ${attribute}`);
        return String(found);
      });
    } catch {
      return text;
    }
  }

  /** `aws_sqs_queue.queue.arn` → the queue's ARN in the state. */
  #lookUp(expression: string): unknown {
    const [type, name, ...path] = expression
      .trim()
      .split(/[.[\]]+/)
      .filter((part) => part !== "");
    let value: unknown = this.#state.get(`${type}.${name}`);
    for (const part of path) value = (value as Attributes | undefined)?.[part.replaceAll('"', "")];
    return value;
  }
}

/** A block that Terraform JSON writes as an object or as a list of one. */
export function block(value: unknown): Attributes | undefined {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return typeof one === "object" && one !== null ? (one as Attributes) : undefined;
}
