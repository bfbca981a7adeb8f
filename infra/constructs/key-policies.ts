import type { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import type { Construct } from "constructs";
import { toId } from "../ids.ts";
import { dnsSuffixOf } from "../partition.ts";
import { policyDocument, type Statement } from "../policy.ts";
import type { EnvironmentSettings } from "../settings.ts";

/** What lets one role use the environment's keys. */
export interface KeyPolicies {
  /** For the key that encrypts: nothing is encrypted with it before they are there. */
  readonly current: readonly IamRolePolicy[];
  /** For the keys that encrypted before: they may read with them still. */
  readonly former: readonly IamRolePolicy[];
}

/** Whose data the key always encrypts, and whom a role calls for it. */
const SERVICES = ["s3", "sqs", "ssm"];

/**
 * What DynamoDB asks of whoever uses a table under a key of the account's, a former one too: it encrypts a table's
 * own key anew while it changes from one to the other.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
function useTable(key: string, viaDynamoDb: NonNullable<Statement["Condition"]>): Statement[] {
  return [
    {
      Sid: "UseKeyForTable",
      Action: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
      Resource: key,
      Condition: viaDynamoDb,
    },
    {
      Sid: "LetTableUseKey",
      Action: "kms:CreateGrant",
      Resource: key,
      Condition: { ...viaDynamoDb, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}

/**
 * One policy for each key, by its id: a key that becomes a former one keeps its policy's address, which loses
 * encryption when all is encrypted with the new key, and no sooner. docs/decisions/0018-change-keys-in-order.md
 */
export function createKeyPolicies(
  scope: Construct,
  role: IamRole,
  settings: EnvironmentSettings,
): KeyPolicies {
  const { encryptionKeyArn, formerEncryptionKeyArns, encryptTableAndVariables, region } = settings;
  const via = (...names: string[]) => ({
    StringEquals: { "kms:ViaService": names.map((name) => `${name}.${region}.${dnsSuffixOf(region)}`) },
  });
  const services = [...SERVICES, ...(encryptTableAndVariables ? ["lambda"] : [])];
  const create = (arn: string, Sid: string, Action: string | readonly string[]) => {
    const id = arn.split("/").at(-1) ?? arn;
    return new IamRolePolicy(scope, toId("key", id), {
      name: `key-${id}`,
      role: role.name,
      // By way of the services whose data it encrypts, and no other.
      policy: policyDocument([
        { Sid, Action, Resource: arn, Condition: via(...services) },
        ...(encryptTableAndVariables ? useTable(arn, via("dynamodb")) : []),
      ]),
      // One that is taken out goes when all else is done, not before the queues have changed.
      lifecycle: { createBeforeDestroy: true },
    });
  };
  return {
    current:
      encryptionKeyArn === undefined
        ? []
        : [create(encryptionKeyArn, "UseKey", ["kms:Decrypt", "kms:GenerateDataKey"])],
    former: formerEncryptionKeyArns.map((arn) => create(arn, "ReadWithFormerKey", "kms:Decrypt")),
  };
}
