import { CommandError } from "../../contract/command-error.ts";
import { GENESYS_DLQ } from "../../contract/command-line.ts";
import { exitCodes } from "../../contract/exit-codes.ts";
import { aboutTheCaller, deniedBy } from "../../contract/explain-aws.ts";

export interface Where {
  readonly environment: string;
  /** The stack's folder, as a person would type it. */
  readonly folder: string;
}

type Sentences = readonly [what: string, remedy: string];

interface Known {
  readonly pattern: RegExp;
  readonly say: (found: RegExpExecArray, where: Where) => Sentences;
  /** What Terraform would delete if it were not protected: as bad as a plan that deletes it. */
  readonly dataLoss?: boolean;
}

const INSTALL = "Install Terraform 1.11 or newer: https://developer.hashicorp.com/terraform/install";

/** Terraform's errors that somebody meets sooner or later. The first that fits is taken. */
const known: readonly Known[] = [
  {
    pattern:
      /Error acquiring the state lock.*?Lock Info:\s+ID:\s+(\S+).*?Who:\s+(\S+).*?Created:\s+(\S+ \S+)/,
    say: ([, id, who, created], { environment, folder }) => [
      `The state of ${environment} is locked by ${who} since ${created}.`,
      `Wait until that run has ended; if it is dead, unlock with: terraform -chdir=${folder} force-unlock ${id}`,
    ],
  },
  {
    pattern: /Error acquiring the state lock/,
    say: (_, { environment }) => [
      `The state of ${environment} is locked, or its lock cannot be written.`,
      "Wait until the other run has ended, and see that your role may write to the state bucket.",
    ],
  },
  {
    pattern: /Resource (\S+) has lifecycle\.prevent_destroy set/,
    say: ([, address]) => [
      `${address} would be destroyed or replaced, and it is protected because it holds data.`,
      "Undo the change that forces it (a name, a construct's id), or move it in the state.",
    ],
    dataLoss: true,
  },
  {
    pattern: /S3 bucket "([^"]+)" does not exist|NoSuchBucket/,
    say: ([, bucket], { environment }) => [
      `The state bucket${bucket === undefined ? "" : ` ${bucket}`} does not exist.`,
      `Create it once with: ${GENESYS_DLQ} bootstrap ${environment}`,
    ],
  },
  {
    pattern: /No valid credential sources found|failed to refresh cached credentials|NoCredentialProviders/,
    say: () => aboutTheCaller.noCredentials,
  },
  {
    pattern: /ExpiredToken|token has expired|security token included in the request is expired/i,
    say: () => aboutTheCaller.expired,
  },
  {
    pattern: /InvalidClientTokenId|SignatureDoesNotMatch|InvalidAccessKeyId/,
    say: () => aboutTheCaller.notAccepted,
  },
  {
    pattern: /is not authorized to perform: [\w-]+:[\w*]+/,
    say: ({ input }) => [
      deniedBy(input),
      "Add that permission to the role, or name another profile with --profile.",
    ],
  },
  {
    pattern: /AccessDenied|Forbidden|StatusCode: 403/,
    say: () => [
      deniedBy(""),
      "See that the role may read and write the state bucket, and read every resource.",
    ],
  },
  {
    pattern: /Unsupported Terraform Core version/,
    say: () => ["This Terraform is too old.", INSTALL],
  },
  {
    pattern: /Failed to query available provider packages|Failed to install provider/,
    say: () => [
      "Terraform cannot get the AWS provider.",
      "It asks registry.terraform.io, or the mirror in TF_PLUGIN_MIRROR: see that one can be reached.",
    ],
  },
  {
    pattern: /no such host|connection refused|i\/o timeout|TLS handshake/,
    say: () => [`${aboutTheCaller.notReached[0]}.`, "Check network, proxy and the environment's region."],
  },
];

/** Turns what Terraform wrote into a sentence; an error that nobody has met yet stays in Terraform's words. */
export function planErrorOf(step: string, output: string, where: Where): CommandError {
  const text = plain(output);
  const line = text.replaceAll(/\s+/g, " ");
  for (const { pattern, say, dataLoss = false } of known) {
    const found = pattern.exec(line);
    if (found === null) continue;
    const [what, remedy] = say(found, where);
    return new CommandError(what, remedy, { exitCode: dataLoss ? exitCodes.attention : exitCodes.failed });
  }
  const errors = text.slice(Math.max(0, text.indexOf("Error:"))).trim();
  return new CommandError(`${step} failed:\n${errors === "" ? "it said nothing" : errors}`, "");
}

/** @param what why Terraform cannot be run: `there is no terraform on the PATH` */
export function withoutTerraform(what: string): CommandError {
  return new CommandError(`${what[0]?.toUpperCase()}${what.slice(1)}.`, INSTALL);
}

/** Without the lines that Terraform draws around its errors. */
function plain(output: string): string {
  return output.replaceAll(/^[╷│╵ ]+/gm, "").replaceAll(/\n{3,}/g, "\n\n");
}
