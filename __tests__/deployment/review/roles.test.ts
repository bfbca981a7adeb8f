import { reviewPlan } from "../../../deployment/review/review.ts";
import type { Change, PlannedResource } from "../../../terraform/plan-json.ts";

const arn = "arn:aws:iam::123456789012:role/receiver";

function lossesOf(role: Partial<Change>) {
  const resource = (address: string, change: Change): PlannedResource => ({
    address,
    type: address.split(".")[0] ?? "",
    mode: "managed",
    change,
  });
  const receiver = { function_name: "receiver", role: arn };
  const resource_changes = [
    resource("aws_iam_role.receiver_role", {
      actions: ["delete", "create"],
      before: { name: "receiver", path: "/", arn },
      after: { name: "receiver", path: "/webhooks/", arn },
      ...role,
    }),
    resource("aws_lambda_function.receiver", { actions: ["no-op"], before: receiver, after: receiver }),
  ];
  return reviewPlan("test", { terraform_version: "1.11.4", resource_changes }, {}).losses;
}

test.each([[["delete", "create"]], [["create", "delete"]]])(
  "a function's role of another path is made anew under a name that AWS takes once: %s",
  (actions) => {
    expect(lossesOf({ actions })).toContainEqual(
      expect.objectContaining({
        address: "aws_iam_role.receiver_role",
        because: [expect.stringMatching(/^path of role receiver, .*: \/ → \/webhooks\/$/)],
        remedy: expect.stringContaining("new environment"),
      }),
    );
  },
);

test("a role that stays where it is", () => {
  const after = { name: "receiver", path: "/", arn };
  expect(lossesOf({ actions: ["update"], after })).toEqual([]);
});
