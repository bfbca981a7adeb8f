import type { SourceSettings } from "../../../contract/variables/sources.ts";
import { reviewPlan } from "../../../deployment/review/review.ts";

type Authentication = SourceSettings["authentication"][string];
const signed = (secretParameter: string, encoding: "base64" | "hex" = "base64"): Authentication => ({
  kind: "signature",
  encoding,
  secretParameter,
});
const open: Authentication = { kind: "none" };

/** What a plan loses in which the receiver is told of senders otherwise. */
function lossesOf(before: Record<string, Authentication>, after: Record<string, Authentication>) {
  const values = (authentication: Record<string, Authentication>) => ({
    function_name: "receiver",
    environment: [{ variables: { SOURCES: JSON.stringify([{ source: "open-messaging", authentication }]) } }],
  });
  const change = { actions: ["update"], before: values(before), after: values(after) };
  const address = "aws_lambda_function.receiver";
  const resource_changes = [{ address, type: "aws_lambda_function", mode: "managed", change }];
  return reviewPlan("test", { terraform_version: "1.11.4", resource_changes }, {}).losses;
}

test.each<[string, Authentication, Authentication]>([
  ["it takes events without a proof, and wants a signature", open, signed("/a")],
  ["it wants the signature written otherwise", signed("/a"), signed("/a", "hex")],
  [
    "it wants a secret in a header in place of a signature",
    signed("/a"),
    { kind: "shared-secret", secretParameter: "/a" },
  ],
])("senders that do not prove themselves so yet would be refused: %s", (_, before, after) => {
  expect(lossesOf({ main: before }, { main: after })).toEqual([
    expect.objectContaining({
      how: "changed",
      because: [expect.stringContaining("authentication of open-messaging/main")],
      remedy: expect.stringContaining("secret set"),
    }),
  ]);
});

test("an integration that is taken out is refused", () => {
  expect(lossesOf({ main: signed("/a"), second: signed("/b") }, { main: signed("/a") })).toEqual([
    expect.objectContaining({ how: "taken away" }),
  ]);
});

test.each<[string, Record<string, Authentication>, Record<string, Authentication>]>([
  ["a new integration", { main: signed("/a") }, { main: signed("/a"), second: signed("/b") }],
  ["a door that is opened", { main: signed("/a") }, { main: open }],
  ["nothing that differs", { main: signed("/a") }, { main: signed("/a") }],
])("nobody is refused by %s", (_, before, after) => {
  expect(lossesOf(before, after)).toEqual([]);
});

test("a function that is told of no sources, or in a way that is not ours", () => {
  const variables = (SOURCES: string) => ({ environment: [{ variables: { SOURCES } }], function_name: "a" });
  const change = { actions: ["update"], before: variables("[1"), after: variables('{"a":1}') };
  const resource_changes = [
    { address: "aws_lambda_function.a", type: "aws_lambda_function", mode: "managed", change },
  ];
  expect(reviewPlan("test", { terraform_version: "1.11.4", resource_changes }, {}).losses).toEqual([]);
});
