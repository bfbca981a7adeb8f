import { PLACEHOLDER_SECRET } from "../../contract/secret.ts";
import type { AwsClients } from "../aws/clients.ts";
import { CommandError } from "../errors.ts";

/**
 * A secret from the parameter store: as plain text, or the `current` of the JSON that the pipeline's own
 * parameters hold.
 *
 * @throws {CommandError} where there is none, or only the placeholder that the stack put there
 */
export async function readSecret(clients: AwsClients, name: string): Promise<string> {
  const [ssm, { GetParameterCommand }] = await Promise.all([clients.ssm(), import("@aws-sdk/client-ssm")]);
  const { Parameter: parameter } = await ssm
    .send(new GetParameterCommand({ Name: name, WithDecryption: true }))
    .catch((error: Error) => {
      if (error.name !== "ParameterNotFound") throw error;
      throw new CommandError(
        `There is no SSM parameter ${name} in this account and region.`,
        "Check the name, --profile and --region.",
      );
    });
  const value = parameter?.Value ?? "";
  const secret = currentOf(value) ?? value;
  if (secret !== "" && secret !== PLACEHOLDER_SECRET) return secret;
  throw new CommandError(
    `The SSM parameter ${name} holds no secret yet, only the placeholder that it was created with.`,
    `Put one there: aws ssm put-parameter --overwrite --type SecureString --name ${name} --value '{"current":"…"}'`,
  );
}

function currentOf(value: string): string | undefined {
  try {
    const { current } = JSON.parse(value) as { current?: unknown };
    return typeof current === "string" ? current : undefined;
  } catch {
    return undefined; // plain text
  }
}
