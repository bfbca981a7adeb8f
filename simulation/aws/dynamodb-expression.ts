import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { ModelError } from "./errors.ts";

export type Item = Readonly<Record<string, AttributeValue>>;
type Names = Readonly<Record<string, string>>;
type Values = Readonly<Record<string, AttributeValue>>;
type Condition = (item: Item | undefined, names: Names, values: Values) => boolean;

const compiled = new Map<string, Condition>();

/**
 * Whether an item meets a condition: comparisons, AND, OR, NOT, brackets, `attribute_exists` and
 * `attribute_not_exists`.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 *
 * @throws {ModelError} at what is not understood
 */
export function meets(expression: string, item: Item | undefined, names: Names, values: Values): boolean {
  let condition = compiled.get(expression);
  if (condition === undefined) {
    condition = compile(expression);
    compiled.set(expression, condition);
  }
  return condition(item, names, values);
}

const TOKEN = /[#:]?[A-Za-z_]\w*|<>|<=|>=|[=<>()]/g;

function compile(expression: string): Condition {
  const tokens = expression.match(TOKEN) ?? [];
  const rest = expression.replace(TOKEN, "").trim();
  if (rest !== "") throw new ModelError(`${rest} is not understood in ${expression}`);
  let at = 0;
  const peek = () => tokens[at]?.toUpperCase();
  const take = () => tokens[at++] ?? "";
  const expect = (token: string) => {
    if (take() !== token) throw new ModelError(`${token} is missing in ${expression}`);
  };
  const either = (): Condition => {
    let left = both();
    while (peek() === "OR") {
      take();
      const [one, other] = [left, both()];
      left = (...given) => one(...given) || other(...given);
    }
    return left;
  };
  const both = (): Condition => {
    let left = single();
    while (peek() === "AND") {
      take();
      const [one, other] = [left, single()];
      left = (...given) => one(...given) && other(...given);
    }
    return left;
  };
  const single = (): Condition => {
    if (peek() === "NOT") {
      take();
      const inner = single();
      return (...given) => !inner(...given);
    }
    if (peek() === "(") {
      take();
      const inner = either();
      expect(")");
      return inner;
    }
    if (peek() === "ATTRIBUTE_EXISTS" || peek() === "ATTRIBUTE_NOT_EXISTS") {
      const exists = take().toLowerCase() === "attribute_exists";
      expect("(");
      const operand = take();
      expect(")");
      return (item, names, values) => (operandOf(operand, item, names, values) !== undefined) === exists;
    }
    const [left, operator, right] = [take(), take(), take()];
    // What two attributes that are both missing are to each other is not documented, and nothing asks it.
    if (!right.startsWith(":")) throw new ModelError(`${right} is no value in ${expression}`);
    if (!OPERATORS.includes(operator)) throw new ModelError(`${operator} is not understood in ${expression}`);
    return (item, names, values) =>
      compare(operandOf(left, item, names, values), operator, operandOf(right, item, names, values));
  };
  const condition = either();
  if (at !== tokens.length) throw new ModelError(`${tokens[at]} is not understood in ${expression}`);
  return condition;
}

function operandOf(
  operand: string,
  item: Item | undefined,
  names: Names,
  values: Values,
): AttributeValue | undefined {
  if (operand.startsWith(":")) return required(values[operand], operand);
  return item?.[operand.startsWith("#") ? (names[operand] ?? "") : operand];
}

const OPERATORS: readonly string[] = ["=", "<>", "<", "<=", ">", ">="];

/** With something that is not there, or is of another type, nothing is met but that it is not the same. */
function compare(
  left: AttributeValue | undefined,
  operator: string,
  right: AttributeValue | undefined,
): boolean {
  if (left === undefined || right === undefined) return operator === "<>";
  const [one, other] = [plain(left), plain(right)];
  if (operator === "=") return one === other;
  if (operator === "<>") return one !== other;
  if (typeof one !== typeof other) return false;
  switch (operator) {
    case "<":
      return one < other;
    case "<=":
      return one <= other;
    case ">":
      return one > other;
    default:
      return one >= other;
  }
}

function plain(value: AttributeValue): number | string {
  if (value.N !== undefined) return Number(value.N);
  return value.S ?? JSON.stringify(value);
}

/** `a = :x`, `a :x` and `a`; `a = if_not_exists(a, :x)`, and the same `+ :y`. */
const PART = /^\s*(#?\w+)(?:\s*=\s*|\s+)?(:\w+|if_not_exists\(.*\)(?:\s*\+\s*:\w+)?)?\s*$/;
const IF_NOT_EXISTS = /^if_not_exists\(\s*(#?\w+)\s*,\s*(:\w+)\s*\)(?:\s*\+\s*(:\w+))?$/;
/** Between two parts, and not within brackets. */
const COMMA = /,(?![^(]*\))/;

/**
 * The item after `SET a = :x, b = :y`, with `REMOVE c` and `ADD d :z` behind it.
 *
 * @throws {ModelError} at anything else
 */
export function updated(expression: string, item: Item, names: Names, values: Values): Item {
  const next: Record<string, AttributeValue> = { ...item };
  for (const [, clause = "", list = ""] of expression.matchAll(
    /(SET|REMOVE|ADD)\s+(.*?)(?=\s+(?:SET|REMOVE|ADD)\s|$)/gs,
  )) {
    for (const part of list.split(COMMA)) {
      const [, target = "", source = ""] = PART.exec(part) ?? [];
      const name = target.startsWith("#") ? (names[target] ?? "") : target;
      if (target.startsWith("#") ? name === "" : !/^\w+$/.test(name))
        throw new ModelError(`${part} is not understood in ${expression}`);
      if (clause === "REMOVE") delete next[name];
      else if (clause === "SET") next[name] = sourceOf(source, item, names, values);
      else next[name] = added(next[name], required(values[source], source));
    }
  }
  return next;
}

/** What stands behind the equals sign. */
function sourceOf(source: string, item: Item, names: Names, values: Values): AttributeValue {
  const [, attribute, fallback = "", summand] = IF_NOT_EXISTS.exec(source) ?? [];
  if (attribute === undefined) return required(values[source], source);
  const otherwise = required(values[fallback], fallback);
  const value = operandOf(attribute, item, names, values) ?? otherwise;
  if (summand === undefined) return value;
  return { N: String(Number(value.N) + Number(required(values[summand], summand).N)) };
}

/** A number to a number, or members to a set of texts. */
function added(old: AttributeValue | undefined, more: AttributeValue): AttributeValue {
  if (more.SS !== undefined) return { SS: [...new Set([...(old?.SS ?? []), ...more.SS])] };
  return { N: String(Number(old?.N ?? 0) + Number(more.N)) };
}

function required(value: AttributeValue | undefined, name: string): AttributeValue {
  if (value === undefined) throw new ModelError(`There is no value ${name}`);
  return value;
}
