import * as z from "zod/mini";

const text = z.string().check(z.minLength(1));
const address = z.url({ protocol: /^https$/, error: "must be an https URL" });

/** Where Terraform keeps an environment's state. No secret stands here: Terraform takes those from its surroundings. */
export const backend = z.discriminatedUnion("kind", [
  /** State in a file, for one person; the path is taken from the repository's root. */
  z.strictObject({ kind: z.literal("local"), path: text }),
  /** State in S3, for a team; a lock file beside it keeps two runs apart. The bucket must exist. */
  z.strictObject({
    kind: z.literal("s3"),
    bucket: text,
    key: text,
    region: text,
    /** The key that encrypts the state. @default the bucket's own encryption */
    kmsKeyArn: z.optional(
      z.string().check(z.regex(/^arn:aws[a-z-]*:kms:/, "must be a KMS key's ARN, not an alias")),
    ),
    /** The role that may read and write the state, where it lies in another account. @default who runs Terraform */
    roleArn: z.optional(
      z.string().check(z.regex(/^arn:aws[a-z-]*:iam::\d{12}:role\//, "must be a role's ARN")),
    ),
  }),
  /** State behind an HTTP API such as GitLab's. User and password: `TF_HTTP_USERNAME`, `TF_HTTP_PASSWORD`. */
  z.strictObject({
    kind: z.literal("http"),
    address,
    /** Without the two, nothing keeps two runs apart. */
    lockAddress: z.optional(address),
    unlockAddress: z.optional(address),
    /** @default Terraform's own, LOCK; GitLab's is POST */
    lockMethod: z.optional(z.enum(["LOCK", "POST", "PUT"])),
    /** @default Terraform's own, UNLOCK; GitLab's is DELETE */
    unlockMethod: z.optional(z.enum(["UNLOCK", "DELETE"])),
  }),
  /** HCP Terraform, in a workspace whose execution mode is "local". The token: `TF_TOKEN_app_terraform_io`. */
  z.strictObject({
    kind: z.literal("cloud"),
    organization: text,
    workspace: text,
    /** Of a Terraform Enterprise. @default HCP Terraform's own */
    hostname: z.optional(text),
  }),
]);

type Backend = z.output<typeof backend>;

/** Where a state lies, as a person says it; two environments never share one. */
export function locationOf(state: Backend): string {
  switch (state.kind) {
    case "local":
      return state.path;
    case "s3":
      return `s3://${state.bucket}/${state.key}`;
    case "http":
      return state.address;
    case "cloud":
      return `${state.hostname ?? "app.terraform.io"}/${state.organization}/${state.workspace}`;
  }
}
