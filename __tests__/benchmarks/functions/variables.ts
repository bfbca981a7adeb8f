import {
  httpDestination,
  processorVariables,
  receiverVariables,
  signedWebhook,
} from "../../support/bench-variables.ts";

/** What a function is told of its surroundings. @param endpoint where AWS and the destination answer */
export function variablesOf(of: "receiver" | "processor", endpoint: string): Record<string, string> {
  const queueUrl = (name: string) => `${endpoint}/000000000000/${name}`;
  const stores = {
    queueUrl: queueUrl("events"),
    deadLetterQueueUrl: queueUrl("dead-letters"),
    bucket: "bucket",
  };
  return {
    PATH: process.env["PATH"] ?? "",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: "eu-west-1",
    AWS_DEFAULT_REGION: "eu-west-1",
    AWS_ENDPOINT_URL: endpoint,
    ...(of === "receiver"
      ? receiverVariables(stores, [signedWebhook("/secret")])
      : processorVariables({ ...stores, stateTable: "state" }, httpDestination(`${endpoint}/crm`))),
    ENVIRONMENT: "measured",
  };
}
