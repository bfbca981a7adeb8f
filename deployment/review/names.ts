import { interpolate } from "../../terraform/expression.ts";
import { isObject, type PlanJson, type StackJson, type Values } from "../../terraform/plan-json.ts";

/** Attributes that are one resource's and nobody else's: where their value stands, the address may stand. */
const IDENTITIES = ["arn", "invoke_arn", "execution_arn", "url"] as const;
/** These have the ARN of what they are about. */
const ARN_OF_OTHERS = /^aws_(cloudwatch_event_target|sns_topic_policy)\./;
/** Anything shorter could be a part of some other word. */
const SHORTEST_IDENTITY = 12;

/**
 * The resources of a plan by the names that people know them by: `aws_sqs_queue.queues_main` instead of an
 * ARN, and, where Terraform does not know a value before the apply, what the synthesised stack says of it.
 */
export class Names {
  readonly #stack: StackJson;
  readonly #planned: ReadonlyMap<string, Values>;
  /** Longest first: an ARN may be the beginning of another. */
  readonly #identities: readonly (readonly [value: string, name: string])[];
  /** Of whatever is there: what is made anew has the same. */
  #account: string | undefined;

  constructor(plan: PlanJson, stack: StackJson) {
    this.#stack = stack;
    this.#planned = byAddress(plan.planned_values?.root_module?.resources);
    const identities = new Map<string, string>();
    const note = (address: string, values: unknown) => {
      if (!isObject(values) || ARN_OF_OTHERS.test(address)) return;
      this.#account ??= typeof values["owner"] === "string" ? values["owner"] : undefined;
      for (const attribute of IDENTITIES) {
        const value = values[attribute];
        if (typeof value !== "string" || value.length < SHORTEST_IDENTITY) continue;
        if (!identities.has(value)) identities.set(value, reference(address, attribute));
      }
    };
    for (const [address, values] of this.#planned) note(address, values);
    for (const { address, values } of plan.prior_state?.values?.root_module?.resources ?? [])
      note(address, values);
    for (const { address, change } of plan.resource_changes ?? []) note(address, change.before);
    for (const { address, change } of plan.resource_drift ?? []) note(address, change.before);
    this.#identities = [...identities].sort(([left], [right]) => right.length - left.length);
  }

  /** The resource as the stack asks for it; `undefined` when it is no longer in the stack. */
  synthesised(address: string): Values | undefined {
    const [type = "", name = ""] = address.replace(/\[.*\]$/, "").split(".");
    return this.#stack.resource?.[type]?.[name];
  }

  /** In which regions the stack wants its resources; none where it does not say so in plain words. */
  regions(): readonly string[] {
    const regions = (this.#stack.provider?.["aws"] ?? []).map(({ region }) => region);
    return regions.every((region) => typeof region === "string" && !region.includes("${"))
      ? (regions as readonly string[])
      : [];
  }

  /** The address of the function that is called so, where it is one of the plan's. */
  functionCalled(name: string): string {
    const found = [...this.#planned].find(
      ([address, values]) => address.startsWith("aws_lambda_function.") && values["function_name"] === name,
    );
    return found?.[0] ?? name;
  }

  /** A text with every ARN and URL of a known resource replaced by its address. */
  named(text: string): string {
    let named = text;
    for (const [value, name] of this.#identities) {
      if (named.includes(value)) named = replaceWhole(named, value, name);
    }
    return named;
  }

  /**
   * What an attribute of the stack will be, as far as it can be told: references are filled in with planned
   * values, and with addresses where there is none yet.
   *
   * @returns the value as it stands in the stack where an expression is not understood
   */
  expected(value: unknown): unknown {
    if (typeof value === "string") return this.#filled(value);
    if (Array.isArray(value)) return value.map((item) => this.expected(item));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.expected(inner)]));
  }

  #filled(text: string): string {
    try {
      return interpolate(text, ({ address, attribute }) => {
        const planned = this.#planned.get(address)?.[attribute];
        if (typeof planned === "string") return planned;
        return (attribute === "owner" ? this.#account : undefined) ?? reference(address, attribute);
      });
    } catch {
      return text;
    }
  }
}

/** An ARN is the resource itself; any other attribute has to be said. */
function reference(address: string, attribute: string): string {
  return attribute === "arn" ? address : `${address}.${attribute}`;
}

/** Not `…:queue` within `…:queue-two`. */
function replaceWhole(text: string, value: string, name: string): string {
  let [result, from] = ["", 0];
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, from)) {
    const end = at + value.length;
    const whole = !/[\w.-]/.test(text[end] ?? "") && !/[\w.-]/.test(text[at - 1] ?? "");
    result += text.slice(from, at) + (whole ? name : value);
    from = end;
  }
  return result + text.slice(from);
}

function byAddress(
  resources: readonly { readonly address: string; readonly values?: Values }[] | undefined,
): Map<string, Values> {
  return new Map((resources ?? []).map(({ address, values }) => [address, values ?? {}]));
}
