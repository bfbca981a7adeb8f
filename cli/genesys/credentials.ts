import { readFile, stat } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { UsageError } from "../../contract/command-error.ts";
import { GENESYS_DLQ } from "../../contract/command-line.ts";
import { defined } from "../../contract/defined.ts";
import type { Redaction } from "../../contract/redaction/redaction.ts";
import type { Credentials } from "./tokens.ts";

/** Rights of anybody but the owner. */
const OTHERS = 0o077;

const fileSchema = z.strictObject({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  region: z.string().min(1).optional(),
});

const HOW =
  "Set GENESYSCLOUD_OAUTHCLIENT_ID and GENESYSCLOUD_OAUTHCLIENT_SECRET, or give --client-id with --client-secret-stdin or --client-secret-parameter, or --credentials FILE.";

/** Where the person has the OAuth client: options of the command. */
export interface CredentialsOptions {
  readonly clientId?: string;
  readonly clientSecretParameter?: string;
  readonly clientSecretStdin?: boolean;
  /** A file with both. */
  readonly credentials?: string;
}

export interface GivenCredentials extends Credentials {
  /** Where the credentials' file names one. */
  readonly region?: string;
}

/**
 * The OAuth client, from where the person has it. The secret itself is read only when it is needed.
 *
 * @param readParameter reads an SSM parameter, decrypted
 * @throws {UsageError}
 */
export async function findCredentials(
  options: CredentialsOptions,
  redaction: Redaction,
  readParameter: (name: string) => Promise<string>,
): Promise<GivenCredentials> {
  const file = options.credentials === undefined ? undefined : await readCredentials(options.credentials);
  const clientId = options.clientId ?? file?.clientId;
  if (clientId === undefined) throw new UsageError("No OAuth client is given.", HOW);
  // Known as a secret from the start, even where the token is cached and it is not sent.
  const known = [file?.clientSecret, process.env["GENESYSCLOUD_OAUTHCLIENT_SECRET"]];
  for (const each of known) if (each !== undefined) redaction.add(each);
  let secret: Promise<string> | undefined;
  return {
    clientId,
    ...defined({ region: file?.region }),
    clientSecret() {
      secret ??= readClientSecret(options, file?.clientSecret, readParameter); // stdin can be read once only
      return secret;
    },
  };
}

async function readClientSecret(
  options: CredentialsOptions,
  fromFile: string | undefined,
  readParameter: (name: string) => Promise<string>,
): Promise<string> {
  const { clientSecretStdin, clientSecretParameter } = options;
  if (clientSecretStdin) return await readStdin();
  if (clientSecretParameter !== undefined) return await readParameter(clientSecretParameter);
  const secret = fromFile ?? process.env["GENESYSCLOUD_OAUTHCLIENT_SECRET"];
  if (secret === undefined || secret === "") {
    throw new UsageError("The OAuth client's secret is not given.", HOW);
  }
  return secret;
}

async function readCredentials(file: string): Promise<z.output<typeof fileSchema>> {
  const mode = await stat(file).then(
    (stats) => stats.mode,
    (error: NodeJS.ErrnoException) => {
      throw new UsageError(`The file ${file} cannot be read (${error.code}).`, "Look at --credentials.");
    },
  );
  if ((mode & OTHERS) !== 0) {
    throw new UsageError(`The file ${file} can be read by others.`, `Make it yours alone: chmod 600 ${file}`);
  }
  const result = fileSchema.safeParse(json(await readFile(file, "utf8")));
  if (result.success) return result.data;
  throw new UsageError(
    `The file ${file} does not hold credentials.`,
    'It has to be {"clientId": "…", "clientSecret": "…", "region": "…"}, the region at will.',
  );
}

async function readStdin(): Promise<string> {
  if (process.stdin.isTTY) {
    throw new UsageError(
      "A secret typed here would be shown.",
      `Pipe it in: … | ${GENESYS_DLQ} genesys token …`,
    );
  }
  const secret = (await text(process.stdin)).replace(/\r?\n$/, "");
  if (secret === "") throw new UsageError("Nothing came on stdin.", "Pipe the client secret in.");
  return secret;
}

function json(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return undefined;
  }
}
