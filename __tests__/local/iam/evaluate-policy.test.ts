import fc from "fast-check";
import { type Call, evaluatePolicy, matches, type Principal } from "../../../local/iam/evaluate-policy.ts";
import { readPolicy, type Statement } from "../../../local/iam/statement.ts";

const role: Principal = { kind: "AWS", name: "arn:aws:iam::000000000000:role/receiver" };
const rule: Principal = { kind: "Service", name: "events.amazonaws.com" };

function statements(...given: object[]): Statement[] {
  return readPolicy({ address: "policy", document: JSON.stringify({ Statement: given }) });
}

const queue = "arn:aws:sqs:eu-west-1:000000000000:events";
const send: Call = { action: "sqs:SendMessage", resource: queue };
const allow = { Effect: "Allow", Action: "sqs:SendMessage", Resource: queue };
const deny = { ...allow, Effect: "Deny" };

/** Backtracking over every split: slow, and plainly right. */
function oracle(pattern: string, text: string): boolean {
  const [first, ...rest] = [...pattern];
  const [character, ...others] = [...text];
  if (first === undefined) return character === undefined;
  if (first === "*") {
    return oracle(rest.join(""), text) || (character !== undefined && oracle(pattern, others.join("")));
  }
  return (
    character !== undefined &&
    (first === "?" || first === character) &&
    oracle(rest.join(""), others.join(""))
  );
}

test("wildcards match as a naive matcher has it, whatever else stands in the pattern", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", ".", "/", "(", "\n", "漢"), maxLength: 8 });
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", ".", "/", "(", "*", "?", "漢"), maxLength: 6 });
  fc.assert(
    fc.property(pattern, text, (given, against) => {
      expect(matches(given, against)).toBe(oracle(given, against));
    }),
    { numRuns: 2_000 },
  );
});

test("what nothing speaks of is refused", () => {
  expect(evaluatePolicy(send, role, [])).toEqual({ allowed: false });
  expect(evaluatePolicy({ ...send, action: "sqs:PurgeQueue" }, role, statements(allow)).allowed).toBe(false);
  expect(evaluatePolicy({ ...send, resource: `${queue}-2` }, role, statements(allow)).allowed).toBe(false);
});

test("what a statement allows is allowed, and the decision says by which action on which resource", () => {
  const [statement] = statements({
    ...allow,
    Sid: "Send",
    Action: ["sqs:Get*", "SQS:send*"],
    Resource: ["x", queue],
  });
  expect(evaluatePolicy(send, role, statement ? [statement] : [])).toEqual({
    allowed: true,
    matched: { statement, action: "SQS:send*", resource: queue },
  });
});

test("a Deny that matches wins, in whatever order and company", () => {
  const others = fc.array(fc.constantFrom(allow, { ...allow, Action: "sqs:*" }, { ...allow, Resource: "*" }));
  fc.assert(
    fc.property(others, others, (before, after) => {
      expect(evaluatePolicy(send, role, statements(...before, deny, ...after)).allowed).toBe(false);
      expect(evaluatePolicy(send, role, statements(...before, allow, ...after)).allowed).toBe(true);
    }),
  );
});

test.each<[string, object, Record<string, string>, boolean]>([
  ["StringEquals holds", { StringEquals: { "s3:prefix": "spill/" } }, { "s3:prefix": "spill/" }, true],
  [
    "StringEquals knows no wildcard",
    { StringEquals: { "s3:prefix": "spill*" } },
    { "s3:prefix": "spill/" },
    false,
  ],
  ["StringLike does", { StringLike: { "s3:prefix": "spill*" } }, { "s3:prefix": "spill/" }, true],
  ["ArnLike", { ArnLike: { "aws:SourceArn": "arn:*:rule/a" } }, { "aws:SourceArn": "arn:x:rule/a" }, true],
  [
    "ArnEquals takes wildcards too",
    { ArnEquals: { "aws:SourceArn": "arn:*" } },
    { "aws:SourceArn": "arn:b" },
    true,
  ],
  ["one of several values", { StringEquals: { k: ["a", "b"] } }, { k: "b" }, true],
  ["every key has to hold", { StringEquals: { k: "a", l: "a" } }, { k: "a" }, false],
  ["a key that the call does not have", { StringLike: { k: "*" } }, {}, false],
  ["the loopback is taken for TLS", { Bool: { "aws:SecureTransport": "true" } }, {}, true],
  ["and so no call is without", { Bool: { "aws:SecureTransport": "false" } }, {}, false],
])("conditions: %s", (_, Condition, context, allowed) => {
  expect(evaluatePolicy({ ...send, context }, role, statements({ ...allow, Condition })).allowed).toBe(
    allowed,
  );
});

test("a role's own policy speaks of nobody else; a resource's policy of those that it names", () => {
  const named = (Principal: unknown) => statements({ ...allow, Principal });
  expect(evaluatePolicy(send, rule, statements(allow)).allowed).toBe(false);
  expect(evaluatePolicy(send, rule, named({ Service: "events.amazonaws.com" })).allowed).toBe(true);
  expect(evaluatePolicy(send, rule, named({ Service: ["sns.amazonaws.com"] })).allowed).toBe(false);
  expect(evaluatePolicy(send, rule, named("*")).allowed).toBe(true);
  expect(evaluatePolicy(send, role, named({ AWS: role.name })).allowed).toBe(true);
  expect(evaluatePolicy(send, role, named({ Service: "events.amazonaws.com" })).allowed).toBe(false);
});

test.each([
  ["NotAction", { Effect: "Allow", NotAction: "a", Resource: "b" }],
  ["NotResource", { Effect: "Allow", Action: "a", NotResource: "b" }],
  ["NotPrincipal", { ...allow, NotPrincipal: "*" }],
  ["the operator StringNotEquals", { ...allow, Condition: { StringNotEquals: { a: "b" } } }],
  ["the effect Perhaps", { ...allow, Effect: "Perhaps" }],
])("%s is not understood, and stops the run", (what, statement) => {
  expect(() => statements(statement)).toThrow(
    `policy: has a policy that the local run does not understand: ${what}`,
  );
});
