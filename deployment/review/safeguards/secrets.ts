import type { Safeguard } from "./safeguard.ts";

/** A version is how Terraform is told to write a write-only value again: the placeholder, over what a person put there. */
const VALUES = ["value_wo_version", "value", "insecure_value", "secret_string", "secret_string_wo_version"];
const PARAMETERS = ["aws_ssm_parameter", "aws_secretsmanager_secret_version"];

/** A secret that Terraform would write over. */
export const secrets: Safeguard = {
  weakened: (before, after) =>
    after.all(...PARAMETERS).flatMap((parameter) => {
      const { address, values } = parameter;
      const was = before.get(address)?.values;
      if (was === undefined) return [];
      const because = VALUES.filter(
        (name) => after.asksFor(parameter, name) && before.text(was[name]) !== after.text(values[name]),
      );
      if (because.length === 0) return [];
      return [
        {
          address,
          how: "changed",
          because,
          lost: "the secret in it: Terraform writes its own value over it",
          remedy: "Leave the value to the command secret set, and value_wo_version as it is.",
        },
      ];
    }),
};
