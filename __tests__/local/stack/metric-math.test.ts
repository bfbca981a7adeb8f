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
])("%s of %j is %p", (expression, values, expected) => {
  expect(value(expression, values)).toBe(expected);
});

test.each([
  "",
  "c",
  "a - b",
  "a +",
  "FILL(a)",
  "FILL(a, b)",
  "MAX(a, b)",
  "MAX([a, b]",
  "a b",
  "RATE(a)",
  "a + 1",
])("%j is not understood", (expression) => {
  expect(() => readMetricMath(expression, ids)).toThrow("does not understand");
});
