import { dnsSuffixOf, partitionOf } from "../../infra/partition.ts";
import { isObject, type StackJson, type Values } from "../../terraform/plan-json.ts";
import { block } from "./block.ts";
import type { Grant } from "./grant.ts";

/**
 * What Terraform needs of a backend. Only S3's is AWS's to allow: whoever may read a file, an HTTP server or HCP
 * Terraform is said elsewhere.
 * https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required
 */
export function stateAccess({ terraform }: StackJson): { readonly grants: Grant[]; readonly note?: string } {
  const backends = isObject(terraform?.["backend"]) ? terraform["backend"] : {};
  const s3 = block(backends["s3"]);
  if (s3 !== undefined) return accessToS3(s3);
  const kind = terraform?.["cloud"] === undefined ? (Object.keys(backends)[0] ?? "local") : "HCP Terraform";
  return { grants: [], note: `The state is no affair of IAM's here: it is kept in the backend ${kind}.` };
}

function accessToS3(backend: Values): { readonly grants: Grant[]; readonly note?: string } {
  const role = block(backend["assume_role"])?.["role_arn"];
  if (typeof role === "string") {
    return {
      grants: [{ read: ["sts:AssumeRole"], resources: [role] }],
      note: `The state is read and written as ${role}: what that role may do is its own account's to say.`,
    };
  }
  const region = String(backend["region"]);
  const bucket = `arn:${partitionOf(region)}:s3:::${String(backend["bucket"])}`;
  const state = `${bucket}/${String(backend["key"])}`;
  return {
    grants: [
      // Under any prefix: S3 calls a state that is not there yet forbidden for who may not list the bucket.
      { read: ["s3:ListBucket"], resources: [bucket] },
      { read: ["s3:GetObject"], change: ["s3:PutObject"], resources: [state] },
      // A plan locks the state as well: this alone of all that it writes.
      { read: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], resources: [`${state}.tflock`] },
      ...useOfKey(backend["kms_key_id"], region),
    ],
  };
}

/** The lock is encrypted as the state is: a plan encrypts too. */
function useOfKey(key: unknown, region: string): Grant[] {
  if (typeof key !== "string") return [];
  const condition = { StringEquals: { "kms:ViaService": `s3.${region}.${dnsSuffixOf(region)}` } };
  return [{ read: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [key], condition }];
}
