import type { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import type { Construct } from "constructs";
import { toId } from "../ids.ts";
import { dnsSuffixOf } from "../partition.ts";
import { policyDocument } from "../policy.ts";
import type { EnvironmentSettings } from "../settings.ts";

/** What lets one role use the environment's keys. */
export interface KeyPolicies {
  /** For the key that encrypts: nothing is encrypted with it before they are there. */
  readonly current: readonly IamRolePolicy[];
  /** For the keys that encrypted before: they may read with them still. */
  readonly former: readonly IamRolePolicy[];
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
  const { encryptionKeyArn, formerEncryptionKeyArns, region } = settings;
  const services = ["s3", "sqs", "ssm"].map((service) => `${service}.${region}.${dnsSuffixOf(region)}`);
  const create = (arn: string, Sid: string, Action: string | readonly string[]) => {
    const id = arn.split("/").at(-1) ?? arn;
    return new IamRolePolicy(scope, toId("key", id), {
      name: `key-${id}`,
      role: role.name,
      // By way of the services whose data it encrypts, and no other.
      policy: policyDocument([
        { Sid, Action, Resource: arn, Condition: { StringEquals: { "kms:ViaService": services } } },
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
