import type { ResourceTypes } from "./grant.ts";
import { apiGateway } from "./services/api-gateway.ts";
import { chatbot } from "./services/chatbot.ts";
import { cloudwatch } from "./services/cloudwatch.ts";
import { dynamodb } from "./services/dynamodb.ts";
import { events } from "./services/events.ts";
import { iam } from "./services/iam.ts";
import { kms } from "./services/kms.ts";
import { lambda } from "./services/lambda.ts";
import { logs } from "./services/logs.ts";
import { s3 } from "./services/s3.ts";
import { sns } from "./services/sns.ts";
import { sqs } from "./services/sqs.ts";
import { ssm } from "./services/ssm.ts";

/** Every resource type that a stack can have, and what a role needs for it. */
export const resourceTypes: ResourceTypes = {
  ...apiGateway,
  ...chatbot,
  ...cloudwatch,
  ...dynamodb,
  ...events,
  ...iam,
  ...kms,
  ...lambda,
  ...logs,
  ...s3,
  ...sns,
  ...sqs,
  ...ssm,
};
