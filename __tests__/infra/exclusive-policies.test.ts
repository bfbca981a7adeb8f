import { fullInput, guardedInput, ref, synthesise } from "../support/synthesise.ts";

describe.each([
  ["full", fullInput],
  ["guarded", guardedInput],
])("with the input %s", (_, input) => {
  const stack = synthesise(input);

  test.each(["receiver", "processor", "recovery"])(
    "the role of %s has the stack's policies, and no others",
    (name) => {
      const role = ref(`aws_iam_role.${name}_role.name`);
      const own = Object.entries(stack.resources("aws_iam_role_policy")).filter(
        ([, policy]) => policy["role"] === role,
      );
      const exclusive = stack.resource("aws_iam_role_policies_exclusive", `${name}_exclusive_policies`);
      expect(exclusive["role_name"]).toBe(role);
      expect([...(exclusive["policy_names"] as string[])].sort()).toEqual(
        own.map(([id]) => ref(`aws_iam_role_policy.${id}.name`)).sort(),
      );
      expect(
        stack.resource("aws_iam_role_policy_attachments_exclusive", `${name}_exclusive_attachments`),
      ).toMatchObject({
        role_name: role,
        policy_arns: [],
      });
    },
  );
});
