import type { TerraformResource } from "cdktf";
import type { KeyPolicies } from "./constructs/key-policies.ts";

/** What is encrypted with the environment's key, and what else has a place in the order of a change. */
export interface KeyOrder {
  readonly policies: readonly KeyPolicies[];
  readonly queues: readonly TerraformResource[];
  readonly secrets: readonly TerraformResource[];
  /** Encrypted with it only where the environment says so. */
  readonly table: TerraformResource;
  readonly bucket: TerraformResource;
  /** What takes policies away that are no longer in the stack. */
  readonly exclusive: readonly TerraformResource[];
}

/**
 * Puts a change of the key in an order in which nobody lacks a permission at any moment: every role may use the new
 * key; the queues get it; then the bucket, so that an event which the queues do not take while IAM spreads the
 * permission finds a bucket with the old key; and only then the former keys are for reading alone. It is the same
 * where there is no key: the last one may have been taken out, and its policies go last.
 */
export function orderKeyChange({ policies, queues, secrets, table, bucket, exclusive }: KeyOrder): void {
  const current = policies.flatMap((each) => each.current);
  const former = policies.flatMap((each) => each.former);
  for (const encrypted of [...queues, ...secrets, table]) waitFor(encrypted, current);
  waitFor(bucket, [...current, ...queues]);
  for (const last of [...former, ...exclusive]) waitFor(last, [...queues, table, bucket]);
}

function waitFor(resource: TerraformResource, others: readonly TerraformResource[]): void {
  const dependsOn = [...(resource.dependsOn ?? []), ...others.map(addressOf)];
  if (dependsOn.length > 0) resource.dependsOn = [...new Set(dependsOn)];
}

/** As `depends_on` takes it. */
function addressOf({ terraformResourceType, friendlyUniqueId }: TerraformResource): string {
  return `${terraformResourceType}.${friendlyUniqueId}`;
}
