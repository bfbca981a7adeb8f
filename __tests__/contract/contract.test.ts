import { functionNames, variableName, variableOf } from "../../contract/environment.ts";
import { metrics } from "../../contract/metrics.ts";
import { PLACEHOLDER_PARAMETER_VALUE, PLACEHOLDER_SECRET } from "../../contract/secret.ts";
import { variables } from "../../contract/variables/index.ts";

test.each(functionNames)("the %s's variables have names that Lambda takes, each its own", (name) => {
  const names = Object.keys(variables[name]).map(variableName);
  expect(new Set(names).size).toBe(names.length);
  for (const variable of names) {
    expect(variable).toMatch(/^[A-Z][A-Z0-9_]+$/);
    expect(variable).not.toMatch(/^(AWS_|LAMBDA_|_)/); // reserved by Lambda
  }
});

test("a value's variable has its name in capitals", () => {
  expect(variableOf("receiver", "deadLetterQueueUrl")).toBe("DEAD_LETTER_QUEUE_URL");
  expect(variableOf("recovery", "redrive")).toBe("REDRIVE");
});

test("every function's variables are declared", () => {
  expect([...functionNames].sort()).toEqual(Object.keys(variables).sort());
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
