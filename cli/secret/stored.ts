import { CommandError } from "../../contract/command-error.ts";
import { defined } from "../../contract/defined.ts";
import type { Rotation, SecretValue } from "../../contract/secret.ts";
import type { AwsClients } from "../aws/clients.ts";

/** The text of a parameter, decrypted. @throws {CommandError} where there is no such parameter */
export async function readParameter(clients: AwsClients, name: string): Promise<string> {
  const [ssm, { GetParameterCommand }] = await Promise.all([clients.ssm(), import("@aws-sdk/client-ssm")]);
  try {
    const command = new GetParameterCommand({ Name: name, WithDecryption: true });
    return (await ssm.send(command)).Parameter?.Value ?? "";
  } catch (error) {
    if ((error as Error).name !== "ParameterNotFound") throw error;
    throw new CommandError(
      `There is no SSM parameter ${name} in this account and region.`,
      "Check its name, --profile and --region; the outputs may be of a stack that has been destroyed.",
    );
  }
}

/** What stands in a source's parameter; nothing where it is not of the agreed shape. */
export function parseSecret(text: string): SecretValue | undefined {
  let value: Partial<Record<keyof SecretValue, unknown>> | null;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // the parser's own message quotes the value
  }
  const { current, previous, rotation } = value ?? {};
  if (typeof current !== "string" || current === "") return undefined;
  return {
    current,
    ...defined({
      previous: typeof previous === "string" && previous !== "" ? previous : undefined,
      rotation: isRotation(rotation) ? rotation : undefined,
    }),
  };
}

function isRotation(value: unknown): value is Rotation {
  const { step, at } = (value ?? {}) as Partial<Rotation>;
  return (step === "announced" || step === "switched") && !Number.isNaN(Date.parse(String(at)));
}
