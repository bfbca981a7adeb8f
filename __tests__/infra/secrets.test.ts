import { PLACEHOLDER_PARAMETER_VALUE } from "../../contract/secret.ts";
import { fullInput, synthesise } from "../support/synthesise.ts";

const parameters = synthesise(fullInput).resources("aws_ssm_parameter");

test("there is a parameter for each secret: by source, by integration, and the destination's", () => {
  expect(
    Object.values(parameters)
      .map((parameter) => parameter["name"])
      .sort(),
  ).toEqual([
    "/genesys-events/test/data-action",
    "/genesys-events/test/destination",
    "/genesys-events/test/destination-signing",
    "/genesys-events/test/open-messaging/6f0c2a1e-1111-4222-8333-444455556666",
    "/genesys-events/test/open-messaging/second.one",
    "/genesys-events/test/webhook",
  ]);
});

test("each is encrypted, holds a placeholder, and keeps the real secret out of the state and of every later plan", () => {
  for (const parameter of Object.values(parameters)) {
    expect(parameter).toMatchObject({
      type: "SecureString",
      tier: "Standard",
      value_wo: PLACEHOLDER_PARAMETER_VALUE,
      value_wo_version: 1,
      lifecycle: { ignore_changes: ["value", "value_wo_version"] },
    });
    expect(parameter).not.toHaveProperty("value");
    expect(parameter).not.toHaveProperty("insecure_value");
  }
});
