import fc from "fast-check";
import { comparePolicies, invocation } from "../../../deployment/review/statements.ts";

const asWritten = (text: string) => text;

function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

const read = { Effect: "Allow", Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage"], Resource: "arn:a" };

test("says one line for each thing that is newly allowed or no longer is", () => {
  const before = policy(read, { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:b" });
  const after = policy(
    { ...read, Action: ["sqs:ReceiveMessage"] },
    { Effect: "Allow", Action: "s3:GetObject", Resource: ["arn:b", "arn:c"] },
  );
  expect(comparePolicies(before, after, asWritten)).toEqual({
    added: ["allow s3:GetObject on arn:c"],
    removed: ["allow sqs:DeleteMessage on arn:a"],
  });
});

test.each([
  [
    "principals of every kind",
    { Effect: "Allow", Principal: { AWS: "*", Service: ["a.com", "b.com"] }, Action: "x:Y", Resource: "r" },
    ["allow x:Y on r for anybody", "allow x:Y on r for Service a.com", "allow x:Y on r for Service b.com"],
  ],
  [
    "conditions, all of which have to hold",
    {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: "r",
      Condition: { Bool: { "aws:SecureTransport": false }, StringLike: { k: ["b", "a"] } },
    },
    ["deny s3:* on r for anybody if Bool aws:SecureTransport is false and StringLike k is a or b"],
  ],
  [
    "everything but",
    { Effect: "Deny", NotPrincipal: { AWS: ["b", "a"] }, NotAction: ["s3:B", "s3:A"], NotResource: "r" },
    ["deny any action but s3:A, s3:B on anything but r for anybody but a, b"],
  ],
  [
    "a trust policy",
    { Effect: "Allow", Principal: { Service: "l" }, Action: "sts:AssumeRole" },
    ["allow sts:AssumeRole for Service l"],
  ],
  ["one statement without a list", { Action: "a:B", Resource: "*" }, ["allow a:B on *"]],
])("reads %s", (_, statement, lines) => {
  const alone = JSON.stringify({ Statement: statement });
  expect(comparePolicies(undefined, alone, asWritten)).toEqual({ added: lines, removed: [] });
  expect(comparePolicies(alone, "", asWritten)).toEqual({ added: [], removed: lines });
});

test("a condition that changes is another permission", () => {
  const [one, two] = ["a", "b"].map((k) => policy({ ...read, Condition: { StringEquals: { k } } }));
  expect(comparePolicies(one, two, asWritten)).toEqual({
    added: ["allow sqs:ReceiveMessage, sqs:DeleteMessage on arn:a if StringEquals k is b"],
    removed: ["allow sqs:ReceiveMessage, sqs:DeleteMessage on arn:a if StringEquals k is a"],
  });
});

test("puts the names of resources in place of their ARNs", () => {
  const named = comparePolicies("", policy(read), (text) => text.replace("arn:a", 'queue["x"]'));
  expect(named.added).toEqual(['allow sqs:ReceiveMessage, sqs:DeleteMessage on queue["x"]']);
});

const statements = fc.array(
  fc.record({
    Effect: fc.constantFrom("Allow", "Deny"),
    Action: fc.uniqueArray(fc.constantFrom("a:A", "a:B", "b:C"), { minLength: 1 }),
    Resource: fc.uniqueArray(fc.constantFrom("r1", "r2", "*"), { minLength: 1 }),
  }),
  { minLength: 1 },
);

test("splitting and shuffling statements changes no permission; taking one away does", () => {
  fc.assert(
    fc.property(statements, (given) => {
      const split = given.flatMap(({ Effect, Action, Resource }) =>
        Action.flatMap((action) =>
          Resource.map((resource) => ({ Effect, Action: action, Resource: resource })),
        ),
      );
      const whole = policy(...given);
      expect(comparePolicies(whole, policy(...split.toReversed()), asWritten)).toEqual({
        added: [],
        removed: [],
      });
      const [first, ...rest] = split;
      const left = rest.filter((one) => JSON.stringify(one) !== JSON.stringify(first));
      expect(comparePolicies(whole, policy(...left), asWritten).removed).toEqual([
        `${first?.Effect.toLowerCase()} ${first?.Action} on ${first?.Resource}`,
      ]);
    }),
  );
});

test("a permission to invoke says who and from where", () => {
  const given = { action: "lambda:InvokeFunction", principal: "events.amazonaws.com", source_arn: "rule" };
  expect(invocation(given, "aws_lambda_function.recovery")).toEqual({
    effect: "allow",
    action: "lambda:InvokeFunction",
    rest: " on aws_lambda_function.recovery for events.amazonaws.com if source is rule",
  });
  expect(invocation({ ...given, source_arn: null }, "f").rest).toBe(" on f for events.amazonaws.com");
});
