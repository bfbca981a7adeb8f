import { GetParameterCommand, PutParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { CommandError } from "../../contract/command-error.ts";

/** Somebody else writes a secret once in a while, not in each of so many tries. */
const TRIES = 5;

/**
 * Writes what stands in a parameter once more, encrypted with another key. Where somebody has written it in the same
 * moment, what they have written is what stays: a version tells.
 *
 * @throws {CommandError} where others write all the time
 */
export async function rekey(ssm: SSMClient, name: string, keyId: string): Promise<void> {
  let source = name;
  let newest: number | undefined;
  for (let tries = 0; tries < TRIES; tries++) {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: source, WithDecryption: true }));
    newest ??= Parameter?.Version ?? 0;
    const { Version: written = 0 } = await ssm.send(
      new PutParameterCommand({
        Name: name,
        Value: Parameter?.Value,
        Type: "SecureString",
        Overwrite: true,
        KeyId: keyId,
      }),
    );
    if (written === newest + 1) return;
    // Just before it lies what somebody else has written, and this has covered.
    source = `${name}:${written - 1}`;
    newest = written;
  }
  throw new CommandError(
    `Somebody else keeps writing ${name}.`,
    "Run the same command again when they are done.",
  );
}
