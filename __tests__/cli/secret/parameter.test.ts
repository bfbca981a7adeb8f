import { Environment } from "../../../cli/environment/environment.ts";
import { SecretParameter } from "../../../cli/secret/parameter.ts";
import { defined } from "../../../contract/defined.ts";
import { type AwsAnswers, startAwsAnswers } from "../../support/aws-answers.ts";
import { deployedOutputs } from "../../support/deployed.ts";

const KEY = "arn:aws:kms:eu-west-1:123456789012:key/1";

let aws: AwsAnswers;
afterEach(() => aws.stop());

function parameter(encryptedWith?: string): SecretParameter {
  const place = { region: "eu-west-1", endpoint: aws.endpoint };
  const { clients } = new Environment("deployed", deployedOutputs(aws.endpoint), place);
  return new SecretParameter(clients, "/a/open-messaging/main", "open-messaging/main", encryptedWith);
}

test("where the environment says under which key secrets belong, they are put there", async () => {
  aws = await startAwsAnswers(() => ({ body: {} }));
  await parameter(KEY).write({ current: "new" });
  expect(aws.calls).toEqual([
    { action: "PutParameter", input: expect.objectContaining({ KeyId: KEY, Value: '{"current":"new"}' }) },
  ]);
});

test.each([KEY, undefined])("what is encrypted with the key %s stays encrypted with it", async (KeyId) => {
  aws = await startAwsAnswers((action) => ({
    body: action === "DescribeParameters" ? { Parameters: [{ Name: "/a/open-messaging/main", KeyId }] } : {},
  }));
  await parameter().write({ current: "new" });
  expect(aws.calls).toEqual([
    {
      action: "DescribeParameters",
      input: { ParameterFilters: [{ Key: "Name", Option: "Equals", Values: ["/a/open-messaging/main"] }] },
    },
    {
      action: "PutParameter",
      input: {
        Name: "/a/open-messaging/main",
        Type: "SecureString",
        Overwrite: true,
        Value: '{"current":"new"}',
        ...defined({ KeyId }),
      },
    },
  ]);
});

test.each(['"text"', "null", '{"current":""}', '{"current":1}', "no JSON"])(
  "%s is no secret",
  async (Value) => {
    aws = await startAwsAnswers(() => ({ body: { Parameter: { Value } } }));
    await expect(parameter().read()).rejects.toMatchObject({
      message: expect.stringMatching(/^The parameter \/a\/open-messaging\/main does not hold/),
      remedy: expect.stringContaining("secret set open-messaging --integration main --replace"),
    });
  },
);

test("a rotation's step that nobody knows is taken for none", async () => {
  const rotation = { step: "beyond", at: "2026-11-24T12:00:00Z" };
  aws = await startAwsAnswers(() => ({
    body: { Parameter: { Value: JSON.stringify({ current: "a", previous: "b", rotation }) } },
  }));
  expect(await parameter().read()).toEqual({ current: "a", previous: "b" });
});
