import * as z from "zod/mini";

const boundary = z
  .string()
  .check(z.regex(/^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/\S+$/, "must be the ARN of an IAM policy"));

/** What an account's owners ask of every deployment in it. All of it is off unless it is set. */
export const company = {
  /** Accounts that may be deployed to: with credentials for another one, Terraform stops; with none, any may be. @default [] */
  allowedAccountIds: z._default(
    z.array(z.string().check(z.regex(/^\d{12}$/, "must be an account's 12 digits"))),
    [],
  ),
  /** A policy that bounds what every role of the stack may do. It has to allow what docs/deploy.md lists. @default none */
  permissionsBoundaryArn: z.optional(boundary),
  /** IAM path of every role, `/webhooks/` for one. Set it before the first deployment: a role has to be made anew for another. @default "/" */
  rolePath: z._default(
    z.string().check(z.regex(/^\/([\w+=,.@-]+\/)*$/, "must begin and end with a slash")),
    "/",
  ),
  /**
   * The subnets that the functions run in, for a destination that only they reach. From there AWS is reached
   * through a NAT gateway, or endpoints: docs/deploy.md#in-a-vpc. @default none: Lambda's own network
   */
  vpc: z.optional(
    z.strictObject({
      /** In two availability zones at least, or one that fails stops all functions. */
      subnetIds: z
        .array(z.string().check(z.regex(/^subnet-[0-9a-f]+$/, "must be a subnet's id")))
        .check(z.minLength(1), z.maxLength(16)),
      securityGroupIds: z
        .array(z.string().check(z.regex(/^sg-[0-9a-f]+$/, "must be a security group's id")))
        .check(z.minLength(1), z.maxLength(5)),
    }),
  ),
};
