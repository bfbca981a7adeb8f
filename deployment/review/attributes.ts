import { isDeepStrictEqual } from "node:util";
import { document, isEmpty, isObject, type Values } from "../../terraform/plan-json.ts";
import { isPolicy } from "./grants.ts";
import type { Names } from "./names.ts";
import { SENSITIVE, UNKNOWN } from "./planned.ts";

/** One attribute that changes, with both values as people may see them, however long they are. */
export interface AttributeChange {
  /** `environment.variables.BREAKER.failingEvents`: a path goes on into JSON documents. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

export const NONE = "(none)";

/** Both sides of an attribute, and what may be said of them. */
interface Pair {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
  /** Trees of the same shape, `true` where a value is sensitive. */
  readonly hidden: readonly unknown[];
  readonly unknown: unknown;
  /** What the synthesised stack asks for; `undefined` for what the provider computes. */
  readonly synthesised: unknown;
}

/**
 * What changes from `before` to `after`, value by value. Left out are policies, which are compared as
 * statements, what the provider computes, and differences between one kind of nothing and another.
 *
 * A value that Terraform calls sensitive is never shown, on neither side.
 */
export function compareAttributes(pair: Omit<Pair, "path">, names: Names): AttributeChange[] {
  return compare({ ...pair, path: "" }, names);
}

/** A value as text. Where two of them differ, and how much of it is shown, is for the report to say. */
export function shown(value: unknown, names: Names): string {
  if (isEmpty(value)) return NONE;
  return names.named(typeof value === "string" ? value : JSON.stringify(value));
}

function compare(pair: Pair, names: Names): AttributeChange[] {
  const { path, before, after, hidden, unknown, synthesised } = pair;
  if (hidden.some((mask) => mask === true)) {
    return unknown !== true && isDeepStrictEqual(before, after)
      ? []
      : [{ path, before: SENSITIVE, after: SENSITIVE }];
  }
  if (unknown === true) return synthesised === undefined ? [] : compareWithAsked(pair, names);
  if (isPolicy(before) || isPolicy(after)) return [];
  if (isEmpty(before) && isEmpty(after) && !someTrue(unknown)) return [];
  const documents = [document(before), document(after)] as const;
  if (documents.some((parsed) => parsed !== undefined)) {
    const [old, young] = documents.map((parsed, i) => parsed ?? (i === 0 ? before : after));
    if (isStructured(old) && isStructured(young)) {
      return compare(
        { path, before: old, after: young, hidden: [], unknown: false, synthesised: undefined },
        names,
      );
    }
  }
  if (isObject(before) || isObject(after)) return compareMembers(pair, names);
  if (Array.isArray(before) || Array.isArray(after)) return compareLists(pair, names);
  if (isZero(before) && isZero(after) && [before, after].some(isEmpty)) return [];
  if (named(before, names) === named(after, names)) return [];
  return [{ path, before: shown(before, names), after: shown(after, names) }];
}

/** Terraform does not know the value yet; the stack says where it will come from. */
function compareWithAsked(pair: Pair, names: Names): AttributeChange[] {
  const expected = names.expected(pair.synthesised);
  const asBlock = Array.isArray(pair.before) && isObject(expected) ? [expected] : expected;
  if (typeof expected === "string" && expected.includes("${")) {
    return [{ path: pair.path, before: shown(pair.before, names), after: UNKNOWN }];
  }
  return compare({ ...pair, after: asBlock, unknown: false, synthesised: undefined }, names);
}

function compareMembers(pair: Pair, names: Names): AttributeChange[] {
  const [before, after] = [members(pair.before), members(pair.after)];
  const keys = new Set([
    ...Object.keys(before),
    ...Object.keys(after),
    ...Object.keys(members(pair.unknown)),
  ]);
  return [...keys].sort().flatMap((key) => compare(member(pair, key, joined(pair.path, key)), names));
}

function compareLists(pair: Pair, names: Names): AttributeChange[] {
  const [before, after] = [items(pair.before), items(pair.after)];
  const one = Math.max(before.length, after.length) <= 1;
  if ([...before, ...after].some(isStructured) || someTrue(pair.unknown)) {
    const length = Math.max(before.length, after.length, items(pair.unknown).length);
    return Array.from({ length }, (_, i) => i).flatMap((i) =>
      compare(member(pair, i, one ? pair.path : `${pair.path}[${i}]`), names),
    );
  }
  if (pair.hidden.some(someTrue)) {
    return isDeepStrictEqual(before, after) ? [] : [{ path: pair.path, before: SENSITIVE, after: SENSITIVE }];
  }
  // The provider writes sets as lists, in an order that means nothing.
  if (isDeepStrictEqual(sortedNames(before, names), sortedNames(after, names))) return [];
  return [{ path: pair.path, before: shown(before, names), after: shown(after, names) }];
}

/** The pair one step further in. */
function member(pair: Pair, key: string | number, path: string): Pair {
  const block =
    isObject(pair.synthesised) && typeof key === "number" ? pair.synthesised : child(pair.synthesised, key);
  return {
    path,
    before: child(pair.before, key),
    after: child(pair.after, key),
    hidden: pair.hidden.map((mask) => child(mask, key)),
    unknown: child(pair.unknown, key),
    synthesised: block,
  };
}

function child(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return value[Number(key)];
  return isObject(value) && Object.hasOwn(value, key) ? value[String(key)] : undefined;
}

function joined(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function members(value: unknown): Values {
  return isObject(value) ? value : {};
}

function items(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null || value === "" || value === false ? [] : [value];
}

function isStructured(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function someTrue(mask: unknown): boolean {
  if (mask === true) return true;
  return isStructured(mask) && Object.values(mask as object).some(someTrue);
}

function named(value: unknown, names: Names): unknown {
  if (isEmpty(value)) return undefined;
  // Terraform JSON has numbers and booleans where the stack may have text, and the reverse.
  return names.named(String(value));
}

/** What the provider reads back where nothing was said. */
function isZero(value: unknown): boolean {
  return isEmpty(value) || value === 0 || value === false;
}

function sortedNames(values: readonly unknown[], names: Names): unknown[] {
  return values.map((value) => named(value, names)).sort();
}
