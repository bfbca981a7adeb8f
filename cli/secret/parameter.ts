import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { PLACEHOLDER_SECRET } from "../../contract/secret.ts";
import { CommandError } from "../errors.ts";

/** What stands in a source's parameter. */
export interface SecretValue {
  readonly current: string;
  /** Taken as well, while a rotation lasts. */
  readonly previous?: string;
}

/**
 * A source's secrets; nothing while the placeholder stands there.
 *
 * @throws {CommandError} where the parameter is not there, or its value not of the agreed shape; never with it
 */
export async function readSecretValue(ssm: SSMClient, name: string): Promise<SecretValue | undefined> {
  const value = await readText(ssm, name);
  let parsed: { readonly current?: unknown; readonly previous?: unknown } | null;
  try {
    parsed = JSON.parse(value);
  } catch {
    parsed = null; // the parser's own message quotes the value
  }
  const { current, previous } = parsed ?? {};
  if (typeof current !== "string" || current === "") {
    throw new CommandError(
      `The parameter ${name} does not hold {"current": "…"}.`,
      "Until it does, the receiver goes on with what it knew, or answers 503.",
    );
  }
  if (current === PLACEHOLDER_SECRET) return undefined;
  return { current, ...(typeof previous === "string" && previous !== "" ? { previous } : {}) };
}

async function readText(ssm: SSMClient, name: string): Promise<string> {
  try {
    const { Parameter: parameter } = await ssm.send(
      new GetParameterCommand({ Name: name, WithDecryption: true }),
    );
    return parameter?.Value ?? "";
  } catch (error) {
    if ((error as Error).name !== "ParameterNotFound") throw error;
    throw new CommandError(
      `There is no parameter ${name} in this account and region.`,
      "Check --profile and --region; the outputs may be of a stack that has been destroyed.",
    );
  }
}
