import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter/index.js";
import type { Construct } from "constructs";
import { defined } from "../../contract/defined.ts";
import { PLACEHOLDER_PARAMETER_VALUE } from "../../contract/secret.ts";
import { dataLifecycle } from "../lifecycle.ts";
import type { Statement } from "../policy.ts";
import type { EnvironmentSettings } from "../settings.ts";

/** All of a parameter but its name and its tags. */
const AFTER_CREATION = [
  "value",
  "value_wo",
  "value_wo_version",
  "key_id",
  "description",
  "type",
  "tier",
  "data_type",
  "allowed_pattern",
  "overwrite",
];

/**
 * A parameter that a person fills after the first deployment. Terraform writes the placeholder once and never
 * reads what stands there later: docs/decisions/0011-write-only-parameters.md
 *
 * Nothing else of it is Terraform's from then on: the provider would write the parameter whole, without the value it
 * does not know, and SSM refuses that. Its key follows by `genesys-dlq secret rekey`.
 */
export function createSecretParameter(
  scope: Construct,
  id: string,
  config: { readonly name: string; readonly description: string },
  settings: EnvironmentSettings,
): SsmParameter {
  const { encryptionKeyArn } = settings;
  return new SsmParameter(scope, id, {
    ...config,
    type: "SecureString",
    tier: "Standard",
    valueWo: PLACEHOLDER_PARAMETER_VALUE,
    valueWoVersion: 1,
    ...defined({ keyId: encryptionKeyArn }),
    ...dataLifecycle(settings, { ignoreChanges: AFTER_CREATION }),
  });
}

/** The permission to read secrets, where there are any. */
export function readSecrets(...parameters: readonly (SsmParameter | undefined)[]): Statement[] {
  const [first, ...others] = parameters.flatMap((parameter) => parameter?.arn ?? []);
  if (first === undefined) return [];
  const Resource = others.length === 0 ? first : [first, ...others];
  return [{ Sid: "ReadSecret", Action: "ssm:GetParameter", Resource }];
}
