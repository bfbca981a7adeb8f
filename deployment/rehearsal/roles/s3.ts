import type { Call } from "../../../local/iam/evaluate-policy.ts";
import type { NotedCall } from "./noted-call.ts";

/** What a bucket's query names, as its actions call it. */
const CONFIGURATIONS: Readonly<Record<string, string>> = {
  accelerate: "AccelerateConfiguration",
  acl: "BucketAcl",
  cors: "BucketCORS",
  encryption: "EncryptionConfiguration",
  lifecycle: "LifecycleConfiguration",
  logging: "BucketLogging",
  "object-lock": "BucketObjectLockConfiguration",
  ownershipControls: "BucketOwnershipControls",
  policy: "BucketPolicy",
  publicAccessBlock: "BucketPublicAccessBlock",
  replication: "ReplicationConfiguration",
  requestPayment: "BucketRequestPayment",
  tagging: "BucketTagging",
  versioning: "BucketVersioning",
  website: "BucketWebsite",
};
const OF_BUCKET: Readonly<Record<string, string>> = {
  GET: "ListBucket",
  HEAD: "ListBucket",
  PUT: "CreateBucket",
  DELETE: "DeleteBucket",
};
const OF_OBJECT: Readonly<Record<string, string>> = {
  GET: "GetObject",
  HEAD: "GetObject",
  PUT: "PutObject",
  DELETE: "DeleteObject",
};

/**
 * Path-style, as the provider speaks to an emulator.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 *
 * @throws {Error} at a call that is not understood
 */
export function askedOfS3({ method, url }: NotedCall): Call {
  const { pathname, searchParams } = new URL(url, "http://s3");
  const [bucket = "", ...key] = decodeURIComponent(pathname).slice(1).split("/");
  if (bucket === "" && method === "GET") return { action: "s3:ListAllMyBuckets", resource: "*" };
  const arn = `arn:aws:s3:::${bucket}`;
  const object = key.join("/");
  const configuration = [...searchParams.keys()].map((name) => CONFIGURATIONS[name]).find(Boolean);
  const action = object === "" ? ofBucket(method, configuration) : OF_OBJECT[method];
  if (action === undefined) throw new Error(`The rehearsal does not know ${method} ${url} of S3.`);
  return { action: `s3:${action}`, resource: object === "" ? arn : `${arn}/${object}` };
}

/** To take a configuration away is to put another one, except for a policy. */
function ofBucket(method: string, configuration: string | undefined): string | undefined {
  if (configuration === undefined) return OF_BUCKET[method];
  if (method === "DELETE" && configuration === "BucketPolicy") return "DeleteBucketPolicy";
  return `${method === "GET" ? "Get" : "Put"}${configuration}`;
}
