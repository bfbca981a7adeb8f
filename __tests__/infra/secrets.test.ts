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
    });
    expect(parameter).not.toHaveProperty("value");
    expect(parameter).not.toHaveProperty("insecure_value");
  }
});

test("nothing of one but its tags is Terraform's after its creation: the provider would write it whole, without its value", () => {
  for (const parameter of Object.values(parameters)) {
    const { ignore_changes: ignored } = parameter["lifecycle"] as { ignore_changes: string[] };
    expect(ignored).toEqual(
      expect.arrayContaining([
        ...Object.keys(parameter).filter((attribute) => !["name", "lifecycle"].includes(attribute)),
        "key_id",
        "value",
      ]),
    );
    expect(ignored).not.toContain("tags");
  }
});

test("a change of the credentials' kind leaves their parameter as it is", () => {
  const [bearer, basic] = ["bearer", "basic"].map((kind) =>
    synthesise({
      ...fullInput,
      destination: { kind: "http", url: "https://a.example.com/", credentials: { kind } } as never,
    }).resource("aws_ssm_parameter", "processor_destination_secret"),
  );
  expect(basic).toEqual(bearer);
});
