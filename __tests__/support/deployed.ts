import type { StackOutputs } from "../../contract/outputs.ts";

/** What a deployed environment's stack would give, its queues being at `endpoint`. */
export function deployedOutputs(endpoint: string): StackOutputs {
  return {
    environment: "production",
    region: "eu-west-1",
    namePrefix: "genesys-events-production",
    queueUrl: `${endpoint}/123456789012/main`,
    deadLetterQueueUrl: `${endpoint}/123456789012/dead`,
    overflowBucket: "overflow",
    receiverFunction: "genesys-events-production-receiver",
    processorFunction: "genesys-events-production-processor",
    recoveryFunction: "genesys-events-production-recovery",
    stateTable: "genesys-events-production-state",
    eventSourceMapping: "a1b2",
    urls: { webhook: "https://api.example.com/webhook" },
    secretParameters: { webhook: "/genesys-events/production/webhook" },
  };
}
