import { DESTINATION_SECRET } from "../../../contract/outputs.ts";
import { readSecret } from "../../genesys/parameters.ts";
import { SecretParameter } from "../../secret/parameter.ts";
import type { Check, Patient } from "../check.ts";
import { type Finding, findingsOf } from "../finding.ts";
import { commandFor, duration } from "../words.ts";

/** A rotation takes ten minutes; after so long nobody is at it any more. */
const FORGOTTEN_SECONDS = 3_600;

/** Whether every secret has been set, and no rotation was left half-way. Says none of them. */
export const secrets: Check = {
  name: "secrets",
  async run(patient) {
    const parameters = Object.entries(patient.environment.outputs.secretParameters);
    if (parameters.length === 0) return [findingsOf("secrets").ok("none is needed")];
    return await Promise.all(
      parameters.map(([key, name]) =>
        key === DESTINATION_SECRET ? destinationSecret(patient, name) : sourceSecret(patient, key, name),
      ),
    );
  },
};

async function sourceSecret({ environment, now }: Patient, key: string, name: string): Promise<Finding> {
  const { ok, failure, warning } = findingsOf(`secret of ${key}`);
  const parameter = new SecretParameter(environment.clients, name, key);
  const value = await parameter.read();
  if (value === undefined) {
    return failure(
      "It has not been set: the parameter holds the placeholder, and the receiver answers 503.",
      `Put the one there that Genesys signs with: ${commandFor(environment, `secret set ${parameter.arguments}`)}`,
    );
  }
  const { previous, rotation } = value;
  if (previous === undefined) return ok("set");
  const rotate = commandFor(environment, `secret rotate ${parameter.arguments}`);
  if (rotation === undefined) {
    return warning("Two secrets are taken, and no rotation is under way.", `Go on with it: ${rotate}`);
  }
  const age = (now() - Date.parse(rotation.at)) / 1_000;
  return age < FORGOTTEN_SECONDS
    ? ok("set, and being rotated")
    : warning(
        `A rotation has stood half-way for ${duration(age)}: the old secret is still taken.`,
        `Go on with it: ${rotate}`,
      );
}

async function destinationSecret({ environment }: Patient, name: string): Promise<Finding> {
  await readSecret(environment.clients, name);
  return findingsOf(`secret of ${DESTINATION_SECRET}`).ok("set");
}
