/** Something that a person can put right: what happened in one sentence, and what to do in another. */
export class PlanError extends Error {
  override readonly name = "PlanError";
  /** What Terraform would delete if it were not protected: as bad as a plan that deletes it. */
  readonly dataLoss: boolean;

  constructor(message: string, { dataLoss = false } = {}) {
    super(message);
    this.dataLoss = dataLoss;
  }
}

export interface Where {
  readonly environment: string;
  /** The stack's folder, as a person would type it. */
  readonly folder: string;
}

interface Known {
  readonly pattern: RegExp;
  readonly say: (found: RegExpExecArray, where: Where) => string;
  readonly dataLoss?: boolean;
}

/** Terraform's errors that somebody meets sooner or later. The first that fits is taken. */
const known: readonly Known[] = [
  {
    pattern:
      /Error acquiring the state lock.*?Lock Info:\s+ID:\s+(\S+).*?Who:\s+(\S+).*?Created:\s+(\S+ \S+)/,
    say: ([, id, who, created], { environment, folder }) =>
      `The state of ${environment} is locked by ${who} since ${created}. Wait until that run has ended; if it is dead, unlock with: terraform -chdir=${folder} force-unlock ${id}`,
  },
  {
    pattern: /Error acquiring the state lock/,
    say: (_, { environment }) =>
      `The state of ${environment} is locked, or its lock cannot be written. Wait until the other run has ended, and see that your role may write to the state bucket.`,
  },
  {
    pattern: /Resource (\S+) has lifecycle\.prevent_destroy set/,
    say: ([, address]) =>
      `${address} would be destroyed or replaced, and it is protected because it holds data. Undo the change that forces it (a name, a construct's id), or move it in the state.`,
    dataLoss: true,
  },
  {
    pattern: /S3 bucket "([^"]+)" does not exist|NoSuchBucket/,
    say: ([, bucket], { environment }) =>
      `The state bucket${bucket === undefined ? "" : ` ${bucket}`} does not exist. Create it once with: npm run bootstrap -- ${environment}`,
  },
  {
    pattern: /No valid credential sources found|failed to refresh cached credentials|NoCredentialProviders/,
    say: () => "There are no AWS credentials. Sign in (aws sso login) or set AWS_PROFILE.",
  },
  {
    pattern: /ExpiredToken|token has expired|security token included in the request is expired/i,
    say: () => "The AWS credentials have expired. Sign in again (aws sso login).",
  },
  {
    pattern: /InvalidClientTokenId|SignatureDoesNotMatch|InvalidAccessKeyId/,
    say: () => "AWS does not know these credentials. Check AWS_PROFILE and AWS_ACCESS_KEY_ID.",
  },
  {
    pattern: /is not authorized to perform: ([\w:*]+)(?: on resource: (\S+))?/,
    say: ([, action, resource]) =>
      `This role may not ${action}${resource === undefined ? "" : ` on ${resource}`}. Add it to the role's policy, or use another role.`,
  },
  {
    pattern: /AccessDenied|Forbidden|StatusCode: 403/,
    say: () =>
      "AWS refuses this role access. See that it may read and write the state bucket, and read every resource.",
  },
  {
    pattern: /Unsupported Terraform Core version/,
    say: () =>
      "This Terraform is too old. Install 1.11 or newer: https://developer.hashicorp.com/terraform/install",
  },
  {
    pattern: /Failed to query available provider packages|Failed to install provider/,
    say: () =>
      "Terraform cannot get the AWS provider. It asks registry.terraform.io, or the mirror in TF_PLUGIN_MIRROR: see that one is in reach.",
  },
  {
    pattern: /no such host|connection refused|i\/o timeout|TLS handshake/,
    say: () => "AWS is not in reach. Check the network, the proxy and the region.",
  },
];

/** Turns what Terraform wrote into a sentence; an error that nobody has met yet stays in Terraform's words. */
export function planErrorOf(step: string, output: string, where: Where): PlanError {
  const text = plain(output);
  const line = text.replaceAll(/\s+/g, " ");
  for (const { pattern, say, dataLoss = false } of known) {
    const found = pattern.exec(line);
    if (found !== null) return new PlanError(say(found, where), { dataLoss });
  }
  const errors = text.slice(Math.max(0, text.indexOf("Error:"))).trim();
  return new PlanError(`${step} failed:\n${errors === "" ? "it said nothing" : errors}`);
}

/** Without the lines that Terraform draws around its errors. */
function plain(output: string): string {
  return output.replaceAll(/^[╷│╵ ]+/gm, "").replaceAll(/\n{3,}/g, "\n\n");
}
