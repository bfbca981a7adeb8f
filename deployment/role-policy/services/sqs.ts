import { type ResourceTypes, text } from "../grant.ts";

/** Both of a queue's policies are attributes of it. */
const part = {
  read: ["sqs:GetQueueAttributes"],
  change: ["sqs:SetQueueAttributes"],
};

export const sqs: ResourceTypes = {
  aws_sqs_queue: {
    arn: ({ name }, scope) => scope.arn("sqs", text(name)),
    grants: (arn) => [
      {
        // The review of a plan asks for the URL: whether a queue of that name is there already.
        read: ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"],
        change: [
          "sqs:CreateQueue",
          "sqs:DeleteQueue",
          "sqs:SetQueueAttributes",
          "sqs:TagQueue",
          "sqs:UntagQueue",
        ],
        resources: [arn],
      },
    ],
  },
  aws_sqs_queue_policy: {
    arn: ({ queue_url: url }, scope) => scope.arnOf(url),
    grants: (arn) => [{ ...part, resources: [arn] }],
  },
  aws_sqs_queue_redrive_policy: {
    arn: ({ queue_url: url }, scope) => scope.arnOf(url),
    grants: (arn) => [{ ...part, resources: [arn] }],
  },
};
