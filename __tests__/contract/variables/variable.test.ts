import fc from "fast-check";
import * as z from "zod/mini";
import { limited, number } from "../../../contract/settings/number.ts";
import { converted, filledIn, numberText } from "../../../contract/variables/variable.ts";

const seconds = { minimum: -5, maximum: 900, unit: "s", source: "SQS" };

test("a number comes back from its text, within its limit", () => {
  const whole = numberText(limited(seconds));
  const any = numberText(limited({ ...seconds, fractional: true }));
  fc.assert(
    fc.property(fc.oneof(fc.integer({ min: -10, max: 1_000 }), fc.double()), (value) => {
      const written = String(value);
      const inside = value >= seconds.minimum && value <= seconds.maximum;
      expect(z.safeParse(any, written).data).toBe(inside ? value + 0 : undefined);
      expect(z.safeParse(whole, written).success).toBe(inside && Number.isInteger(value));
    }),
  );
});

test("a text that String(number) does not write is no number", () => {
  const schema = numberText(limited({ ...seconds, fractional: true }));
  for (const text of ["", " 1", "1 ", "+1", "1.0", "01", "1e2", "0x1", "NaN", "Infinity", "9".repeat(400)]) {
    expect([text, z.safeParse(schema, text).success]).toEqual([text, false]);
  }
});

test("a function's settings have no defaults any more, and hold their limits", () => {
  const shape = filledIn({
    pause: number({ default: 3, ...seconds }),
    days: number({ default: 7, values: [1, 7], unit: "days", source: "CloudWatch Logs" }),
    loud: z._default(z.boolean(), false),
    name: z.optional(z.string()),
  });
  const issues = (value: unknown) =>
    z.safeParse(shape, value).error?.issues.map(({ path, message }) => [path.join("."), message]);
  expect(issues({ pause: 900, days: 1, loud: true })).toBeUndefined();
  expect(issues({})?.map(([path]) => path)).toEqual(["pause", "days", "loud"]);
  expect(issues({ pause: 901, days: 2, loud: true })).toEqual([
    ["pause", "SQS takes -5 to 900 s"],
    ["days", "CloudWatch Logs takes only 1, 7 days"],
  ]);
  expect(issues({ pause: 1.5, days: 7, loud: true })).toEqual([["pause", "must be a whole number of s"]]);
});

test("the limit of a converted number is converted with it", () => {
  const milliseconds = numberText(
    converted(number({ default: 10, ...seconds }), "ms", (value) => value * 1_000),
  );
  expect(z.safeParse(milliseconds, "900000").data).toBe(900_000);
  expect(z.safeParse(milliseconds, "900001").error?.issues[0]?.message).toBe("SQS takes -5000 to 900000 ms");
  const choice = limited({ values: [1, 7], unit: "days", source: "CloudWatch Logs" });
  for (const setting of [choice, z.number()]) {
    expect(() => converted(setting, "s", Number)).toThrow("only a number with a range is converted");
  }
});
