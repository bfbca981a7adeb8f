import { document, isEmpty, isObject, type Values } from "../../terraform/plan-json.ts";
import type { Names } from "./names.ts";

export interface Resource {
  readonly address: string;
  readonly type: string;
  /** What Terraform calls sensitive stands in it as `(sensitive)`, what nobody knows yet as `(known after apply)`. */
  readonly values: Values;
}

/** All resources of an environment at one moment: before a plan, or after it. */
export class Snapshot {
  readonly #names: Names;
  readonly #known: readonly Resource[];
  readonly #byAddress: ReadonlyMap<string, Resource>;

  /** @param known those of other moments too: a name means the same one, though it be gone by then */
  constructor(resources: Iterable<Resource>, names: Names, known: readonly Resource[]) {
    this.#names = names;
    this.#known = known;
    this.#byAddress = new Map([...resources].map((resource) => [resource.address, resource]));
  }

  get(address: string): Resource | undefined {
    return this.#byAddress.get(address);
  }

  all(...types: readonly string[]): Resource[] {
    return [...this.#byAddress.values()].filter(({ type }) => types.includes(type));
  }

  /** Whether the stack itself says so, rather than another resource, which the provider repeats there. */
  asksFor({ address }: Resource, attribute: string): boolean {
    return attribute in (this.#names.synthesised(address) ?? {});
  }

  /** What the stack says of an attribute, as it stands there. */
  asked({ address }: Resource, attribute: string): unknown {
    return this.#names.synthesised(address)?.[attribute];
  }

  /** A value as text, ARNs and URLs as addresses: the same before and after, though the ARN be another by then. */
  text(value: unknown): string {
    if (isEmpty(value)) return "";
    return this.#names.named(typeof value === "string" ? value : JSON.stringify(value));
  }

  /** The address of the resource that a value refers to by ARN, URL, or by one of its values; or the value itself. */
  resourceOf(value: unknown, types: readonly string[], attributes: readonly string[] = []): string {
    const text = this.text(value);
    const found = this.#known.find(
      ({ address, type, values }) =>
        types.includes(type) &&
        ([...attributes, "arn", "url", "id"].some((name) => text === `${address}.${name}`) ||
          (text !== "" && attributes.some((name) => values[name] === value))),
    );
    return found?.address ?? text;
  }
}

/** A block that there is once at most, as the provider (a list) or the stack (an object) writes it. */
export function blockOf(value: unknown): Values {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return isObject(first) ? first : {};
}

/** Blocks of which there may be many. */
export function blocksOf(value: unknown): readonly Values[] {
  return (Array.isArray(value) ? value : [value]).filter(isObject);
}

/** A list, or a set that the provider writes as one. */
export function listOf(value: unknown): readonly unknown[] {
  if (isEmpty(value)) return [];
  return Array.isArray(value) ? value : [value];
}

/** A JSON document within a string; empty where it is none. */
export function documentOf(value: unknown): Values {
  const parsed = document(value);
  return isObject(parsed) ? parsed : {};
}

/** A number; `undefined` where nothing stands there, `NaN` where nobody can tell. */
export function numberOf(value: unknown): number | undefined {
  return isEmpty(value) ? undefined : Number(value);
}
