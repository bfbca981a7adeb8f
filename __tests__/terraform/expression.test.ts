import * as fc from "fast-check";
import { interpolate, type Reference } from "../../terraform/expression.ts";

const shown = ({ address, attribute }: Reference) => `‹${address} ${attribute}›`;
const fill = (text: string) => interpolate(text, shown);
/** Without a dollar brace in this file's own template strings. */
const expression = (text: string) => `$\{${text}}`;

describe("interpolate", () => {
  test.each([
    ["no expression at all", "no expression at all"],
    [expression("aws_sqs_queue.queues_main.url"), "‹aws_sqs_queue.queues_main url›"],
    [expression(" aws_sqs_queue.main.arn "), "‹aws_sqs_queue.main arn›"],
    [`a/${expression("aws_x.y.id")}/b/${expression("aws_x.z.id")}`, "a/‹aws_x.y id›/b/‹aws_x.z id›"],
    [`{"arn":"${expression("aws_x.y.arn")}","n":5}`, '{"arn":"‹aws_x.y arn›","n":5}'],
    [expression("aws_x.with-dash_1.arn"), "‹aws_x.with-dash_1 arn›"],
    [expression("data.aws_region.here.name"), "‹data.aws_region.here name›"],
    [`$${expression("aws_x.y.id")}`, expression("aws_x.y.id")],
    ["%%{ if }", "%{ if }"],
    ["$5 {} $", "$5 {} $"],
    ['a "quoted" \\n text', 'a "quoted" \\n text'],
    [expression("true"), "true"],
    [expression("jsonencode({})"), "{}"],
    [expression("jsonencode([])"), "[]"],
    [expression('jsonencode("text")'), '"text"'],
    [
      expression('jsonencode({"b" = [1, -2.5e3, true, null], "a" = {"x" = aws_x.y.arn}})'),
      '{"a":{"x":"‹aws_x.y arn›"},"b":[1,-2500,true,null]}',
    ],
    [`a${expression(`jsonencode({"k" = "${expression("aws_x.y.arn")}/*"})`)}b`, 'a{"k":"‹aws_x.y arn›/*"}b'],
    [expression('jsonencode({"k" = "\\"\\\\\\n\\u00e9 $5 %"})'), '{"k":"\\"\\\\\\n\u00e9 $5 %"}'],
    [expression(`jsonencode("$${expression("x")} %%{ if }")`), `"${expression("x")} %{ if }"`],
    [expression('jsonencode(jsonencode({"k" = 1}))'), '"{\\"k\\":1}"'],
    [expression('jsonencode("<a>&")'), '"\\u003ca\\u003e\\u0026"'],
  ])("%s", (text, expected) => {
    expect(fill(text)).toBe(expected);
  });

  test.each([
    [expression('join(",", aws_x.y.ids)'), 'join(",", aws_x.y.ids)'],
    [expression("aws_x.y.ids[0]"), "aws_x.y.ids[0]"],
    [expression("var.name"), "var.name"],
    [expression("aws_x.y"), "aws_x.y"],
    [expression(`upper("${expression("aws_x.y.id")}")`), "upper"],
    ["%{ if true }", "%{ if true }"],
    [expression('jsonencode({"k" = upper("x")})'), "jsonencode"],
    [expression("jsonencode({k = 1})"), "jsonencode"],
    [expression('jsonencode({"k" = 1 "l" = 2})'), "jsonencode"],
    [expression('jsonencode("x)'), "jsonencode"],
    [expression('jsonencode("\\x")'), "jsonencode"],
    [expression('jsonencode("%{ if true }")'), "jsonencode"],
    [expression('jsonencode("x"'), "jsonencode"],
    [expression("jsonencode(aws_x.y.ids[0])"), "jsonencode"],
    [expression("null"), expression("null")],
    ["$".concat("{aws_x.y.id"), "aws_x.y.id"],
    [expression(""), expression("")],
  ])("says which expression it does not understand: %s", (text, quoted) => {
    expect(() => fill(text)).toThrow(/^does not understand the expression /);
    expect(() => fill(text)).toThrow(quoted);
  });

  test("leaves every text without an opening alone", () => {
    const text = fc.string({ unit: "binary" }).filter((given) => !/[$%]\{/.test(given));
    fc.assert(fc.property(text, (given) => fill(given) === given));
  });

  test("never changes what a reference stands for", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        (value) => interpolate(expression("aws_x.y.id"), () => value) === value,
      ),
    );
  });
});
