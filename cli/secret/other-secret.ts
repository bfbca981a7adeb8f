import { CommandError } from "../../contract/command-error.ts";
import { PLACEHOLDER_SECRET } from "../../contract/secret.ts";
import type { AwsClients } from "../aws/clients.ts";
import { parseSecret, readParameter } from "./stored.ts";

/**
 * A secret that is no source's, an OAuth client's for one: plain text, or JSON of a source's shape. A source's
 * own is read by {@link SecretParameter}.
 *
 * @throws {CommandError} where there is none, or only the placeholder; never with what is there
 */
export async function readSecret(clients: AwsClients, name: string): Promise<string> {
  const text = await readParameter(clients, name);
  const secret = text.startsWith("{") ? parseSecret(text)?.current : text;
  if (secret !== undefined && secret !== "" && secret !== PLACEHOLDER_SECRET) return secret;
  throw new CommandError(
    `The SSM parameter ${name} holds no secret.`,
    `Put one there, as text or {"current": "…"}: aws ssm put-parameter --overwrite --type SecureString --name ${name} --value file://FILE`,
  );
}
