import { CommandError } from "../../contract/command-error.ts";
import { dnsSuffixOf, partitionOf } from "../../infra/partition.ts";
import { interpolate } from "../../terraform/expression.ts";
import { isObject, type StackJson, type Values } from "../../terraform/plan-json.ts";
import type { ResourceType, ResourceTypes, Scope } from "./grant.ts";

/** The scope of a synthesised stack, and what is in it. */
export class StackScope implements Scope {
  readonly partition: string;
  readonly region: string;
  readonly dnsSuffix: string;
  readonly account: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly #resources: NonNullable<StackJson["resource"]>;
  readonly #types: ResourceTypes;

  constructor(stack: StackJson, types: ResourceTypes) {
    const provider = stack.provider?.["aws"]?.[0] ?? {};
    this.region = String(provider["region"]);
    this.partition = partitionOf(this.region);
    this.dnsSuffix = dnsSuffixOf(this.region);
    const allowed = provider["allowed_account_ids"];
    this.account = Array.isArray(allowed) && allowed.length === 1 ? String(allowed[0]) : "*";
    this.tags = tagsOf(provider);
    this.#resources = stack.resource ?? {};
    this.#types = types;
  }

  arn(service: string, name: string): string {
    return `arn:${this.partition}:${service}:${this.region}:${this.account}:${name}`;
  }

  globalArn(service: string, name: string): string {
    return `arn:${this.partition}:${service}::${this.account}:${name}`;
  }

  arnOf(reference: unknown): string {
    if (typeof reference === "string" && reference.startsWith("arn:")) return reference;
    const { type, attributes } = this.#referred(reference);
    return typeOf(type, this.#types).arn(attributes, this);
  }

  name(value: unknown): string {
    return interpolate(String(value), ({ address, attribute }) => {
      const { attributes } = this.#at(address);
      return String(attributes[attribute]);
    });
  }

  /** Everything in the stack, with its type. */
  *resources(): Generator<{ readonly type: string; readonly attributes: Values }> {
    for (const [type, named] of Object.entries(this.#resources))
      for (const attributes of Object.values(named)) yield { type, attributes };
  }

  #referred(reference: unknown) {
    let found: string | undefined;
    interpolate(String(reference), ({ address }) => {
      found = address;
      return "";
    });
    if (found === undefined) throw new Error(`${String(reference)} refers to nothing in the stack.`);
    return this.#at(found);
  }

  #at(address: string): { readonly type: string; readonly attributes: Values } {
    const [type = "", name = ""] = address.split(".");
    const attributes = this.#resources[type]?.[name];
    if (attributes === undefined) throw new Error(`There is no ${address} in the stack.`);
    return { type, attributes };
  }
}

/** @throws {CommandError} naming a type that no table has: a policy without it would stop a deployment half-way */
export function typeOf(type: string, types: ResourceTypes): ResourceType {
  const found = types[type];
  if (found !== undefined) return found;
  throw new CommandError(
    `What a role needs for a ${type} is not known.`,
    "Add it to the table of its service in deployment/role-policy/services/.",
  );
}

function tagsOf(provider: Values): Readonly<Record<string, string>> {
  const [first] = [provider["default_tags"]].flat() as unknown[];
  const tags = isObject(first) ? first["tags"] : undefined;
  return isObject(tags)
    ? Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)]))
    : {};
}
