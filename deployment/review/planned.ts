import { isObject, type PlannedResource, type Values } from "../../terraform/plan-json.ts";
import type { Names } from "./names.ts";

/** `import`: it is there as it is asked for, and comes under Terraform's care. */
export type Action = "create" | "change" | "replace" | "destroy" | "forget" | "import";

/** What a plan does to a resource; `undefined`: nothing. */
export function actionOf({ change: { actions } }: PlannedResource): Action | undefined {
  if (actions.includes("delete")) return actions.includes("create") ? "replace" : "destroy";
  if (actions.includes("create")) return "create";
  if (actions.includes("update")) return "change";
  return actions.includes("forget") ? "forget" : undefined;
}

/** Whether there is a moment without it: the old one goes before the new one comes. */
export function goesFirst({ change: { actions } }: PlannedResource): boolean {
  return actions[0] === "delete";
}

/** What a report calls it: what a replacement has left behind has no address of its own. */
export function addressOf({ address, deposed }: PlannedResource): string {
  return deposed === undefined ? address : `${address} (deposed ${deposed})`;
}

/** Stands for what Terraform does not know before the apply, and the stack does not tell either. */
export const UNKNOWN = "(known after apply)";
/** Stands for what Terraform calls sensitive. */
export const SENSITIVE = "(sensitive)";

/**
 * The resource after the apply. What Terraform does not know yet is taken from the stack, at whatever depth it lies;
 * what the stack does not tell in a way that is understood here is `UNKNOWN`. What only the provider knows is left out.
 */
export function valuesAfter({ address, change }: PlannedResource, names: Names): Values | undefined {
  if (!isObject(change.after)) return undefined;
  const filled = fill(change.after, change.after_unknown, names.synthesised(address) ?? {}, names);
  return isObject(filled) ? filled : {};
}

function fill(after: unknown, unknown: unknown, asked: unknown, names: Names): unknown {
  if (unknown === true) {
    const expected = asked === undefined ? undefined : names.expected(asked);
    return isUnderstood(asked, expected) ? expected : UNKNOWN;
  }
  if (Array.isArray(unknown)) {
    const items = Array.isArray(after) ? after : [];
    return Array.from({ length: Math.max(items.length, unknown.length) }, (_, i) =>
      // cdktf writes a block that there is once as an object, and the provider as a list.
      fill(items[i], unknown[i], Array.isArray(asked) ? asked[i] : asked, names),
    );
  }
  if (!isObject(unknown)) return after;
  const [known, wanted] = [isObject(after) ? after : {}, isObject(asked) ? asked : {}];
  const keys = new Set([...Object.keys(known), ...Object.keys(unknown)]);
  return Object.fromEntries(
    [...keys]
      .map((key) => [key, fill(known[key], unknown[key], wanted[key], names)] as const)
      .filter(([, value]) => value !== undefined),
  );
}

/** Whether every expression of the stack was filled in: what is not understood stays as it stands. */
function isUnderstood(asked: unknown, expected: unknown): boolean {
  if (typeof asked === "string") return !asked.includes("${") || asked !== expected;
  if (typeof asked !== "object" || asked === null) return true;
  return Object.entries(asked).every(([key, inner]) => isUnderstood(inner, (expected as Values)[key]));
}

/** Values of which nothing is left that Terraform calls sensitive. */
export function withoutSensitive(values: unknown, ...masks: readonly unknown[]): unknown {
  if (masks.includes(true)) return SENSITIVE;
  const inner = (key: string | number) =>
    masks.map((mask) => (typeof mask === "object" && mask !== null ? (mask as Values)[key] : undefined));
  if (Array.isArray(values)) return values.map((value, i) => withoutSensitive(value, ...inner(i)));
  if (!isObject(values)) return values;
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, withoutSensitive(value, ...inner(key))]),
  );
}
