import { fitColumns } from "../../cli/fit-columns.ts";

const head = ["DIED", "TYPE", "ATTEMPTS", "ID", "REASON"];
const row = ["x".repeat(20), "t".repeat(40), 3, "i".repeat(12), "r".repeat(60)];
const fitted = (columns: number) =>
  fitColumns(head, [row], columns, 2, { keep: ["DIED", "ID"], leaveOut: ["ATTEMPTS"] });
const sum = (widths: readonly number[] = []) => widths.reduce((total, width) => total + width, 0);

test("where there is room, all is shown as it is", () => {
  expect(fitted(200)).toEqual({ shown: [0, 1, 2, 3, 4], widths: undefined });
  expect(fitted(Number.POSITIVE_INFINITY).widths).toBeUndefined();
});

test.each([80, 100, 120])("%i columns are filled, and what one copies is whole", (columns) => {
  const { shown, widths } = fitted(columns);
  expect(sum(widths)).toBe(columns);
  expect(widths?.[shown.indexOf(0)]).toBe(22);
  expect(widths?.[shown.indexOf(3)]).toBe(14);
});

test("a narrow terminal does without a column before nothing can be read", () => {
  expect(fitted(80).shown).toContain(2);
  expect(fitted(70).shown).toEqual([0, 1, 3, 4]);
});

test("the widest is cut first, and no head ever", () => {
  expect(fitted(120).widths).toEqual([22, 37, 10, 14, 37]);
  expect(fitted(10).widths).toEqual([22, 6, 14, 8]);
});

test("colours take no room", () => {
  expect(fitColumns(["A"], [["\u001b[31mred\u001b[39m"]], 5, 2).widths).toBeUndefined();
});
