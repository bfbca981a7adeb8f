import { functionEnvironment, toVariables } from "../../contract/environment.ts";
import { metrics } from "../../contract/metrics.ts";
import { PLACEHOLDER_PARAMETER_VALUE, PLACEHOLDER_SECRET } from "../../contract/secret.ts";

test.each(Object.entries(functionEnvironment))(
  "the %s's variables have names that Lambda takes, each its own",
  (_, names) => {
    const variables = Object.values(names);
    expect(new Set(variables).size).toBe(variables.length);
    for (const variable of variables) {
      expect(variable).toMatch(/^[A-Z][A-Z0-9_]+$/);
      expect(variable).not.toMatch(/^(AWS_|LAMBDA_|_)/); // reserved by Lambda
    }
  },
);

test("toVariables renames every value", () => {
  const names = functionEnvironment.receiver;
  const values = Object.fromEntries(Object.keys(names).map((key) => [key, `value of ${key}`]));
  const variables = toVariables("receiver", values as Record<keyof typeof names, string>);
  expect(variables["QUEUE_URL"]).toBe("value of queueUrl");
  expect(Object.keys(variables).sort()).toEqual(Object.values(names).sort());
});

test.each(Object.entries(metrics))(
  "no two of the %s's metrics share a name; across functions the service tells them apart",
  (_, group) => {
    const names = Object.values(group);
    expect(new Set(names).size).toBe(names.length);
  },
);

test("the placeholder's parameter has the shape of a real one", () => {
  expect(JSON.parse(PLACEHOLDER_PARAMETER_VALUE)).toEqual({ current: PLACEHOLDER_SECRET });
});
