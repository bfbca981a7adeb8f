import {
  DESTINATION_SECRET,
  fromTerraformOutputs,
  type StackOutputs,
  secretKey,
  toTerraformOutputs,
} from "../../contract/outputs.ts";

const outputs: StackOutputs = {
  environment: "test",
  region: "eu-west-1",
  namePrefix: "genesys-events-test",
  queueUrl: "https://sqs/queue",
  deadLetterQueueUrl: "https://sqs/dead-letter-queue",
  overflowBucket: "overflow",
  receiverFunction: "receiver",
  processorFunction: "processor",
  recoveryFunction: "recovery",
  stateTable: "state",
  eventSourceMapping: "uuid",
  urls: { webhook: "https://api/webhook", "open-messaging": "https://api/open-messaging/{integrationId}" },
  secretParameters: { webhook: "/a/webhook", "open-messaging/one": "/a/open-messaging/one" },
};

test("outputs come back from Terraform as they were written", () => {
  const written = toTerraformOutputs(outputs);
  expect(written).toMatchObject({ open_messaging_url: "https://api/open-messaging/{integrationId}" });
  expect(fromTerraformOutputs(written)).toStrictEqual(outputs);
});

test("what an older stack does not have is named", () => {
  const { state_table: _, event_source_mapping: __, ...rest } = toTerraformOutputs(outputs);
  expect(() => fromTerraformOutputs(rest)).toThrow(
    new Error("The outputs lack state_table, event_source_mapping."),
  );
  const empty = { ...toTerraformOutputs(outputs), region: "", queue_url: null, secret_parameters: null };
  expect(() => fromTerraformOutputs(empty)).toThrow(
    new Error("The outputs lack region, queue_url, secret_parameters."),
  );
});

test("a secret is called by its source, by its integration too where there are several, or by the destination", () => {
  const keys = [secretKey("webhook", ""), secretKey("open-messaging", "one"), DESTINATION_SECRET];
  expect(keys).toEqual(["webhook", "open-messaging/one", "destination"]);
});
