import { readMetricMath } from "../../../local/stack/metric-math.ts";

const ids = ["a", "b"];
const value = (expression: string, values: Record<string, number>) => readMetricMath(expression, ids)(values);

test.each<[string, Record<string, number>, number | undefined]>([
  ["a", { a: 3 }, 3],
  ["a + b", { a: 3, b: 4 }, 7],
  ["a+b+a", { a: 3, b: 4 }, 10],
  ["a + b", { a: 3 }, undefined],
  ["FILL(a, 0) + FILL(b, 0)", { b: 4 }, 4],
  ["FILL(a, 2.5)", {}, 2.5],
  ["FILL(a + b, 1)", { a: 3 }, 1],
  ["MAX([a, b])", { a: 3, b: 4 }, 4],
  ["MAX([a, b])", { a: 3 }, 3],
  ["MAX([a, b])", {}, undefined],
  ["MAX([FILL(a, 0), FILL(b, 0)])", {}, 0],
  ["MAX([a / 1000, b])", { a: 5_000, b: 4 }, 5],
  ["1 - FILL(a, 0)", {}, 1],
  ["a - b - 1", { a: 9, b: 4 }, 4],
  ["a + b * 2", { a: 3, b: 4 }, 11],
  ["a > 2", { a: 3 }, 1],
  ["a < 3", { a: 3 }, 0],
  ["a > 2", {}, undefined],
  ["IF(a > 2, b, 0)", { a: 3, b: 4 }, 4],
  ["IF(a > 3, b, 1)", { a: 3, b: 4 }, 1],
  ["IF(a, b, 1)", { b: 4 }, undefined],
])("%s of %j is %p", (expression, values, expected) => {
  expect(value(expression, values)).toBe(expected);
});

test.each([
  "",
  "c",
  "a % b",
  "a +",
  "FILL(a)",
  "FILL(a, b)",
  "MAX(a, b)",
  "MAX([a, b]",
  "a b",
  "RATE(a)",
  "IF(a, b)",
  "a >",
])("%j is not understood", (expression) => {
  expect(() => readMetricMath(expression, ids)).toThrow("does not understand");
});
