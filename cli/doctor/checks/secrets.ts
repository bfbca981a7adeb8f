import { DESTINATION_SECRET, DESTINATION_SIGNING } from "../../../contract/outputs.ts";
import { PLACEHOLDER_PARAMETER_VALUE, PLACEHOLDER_SECRET, SSM_OWN_KEY } from "../../../contract/secret.ts";
import { SecretParameter } from "../../secret/parameter.ts";
import { readParameter } from "../../secret/stored.ts";
import type { Check, CheckTarget } from "../check.ts";
import { type CheckResult, resultsOf } from "../check-result.ts";
import { guarded } from "../guarded.ts";
import { commandFor, duration, remedyIn } from "../words.ts";

/** A rotation takes ten minutes; after so long nobody is at it any more. */
const FORGOTTEN_SECONDS = 3_600;

/** Whether every secret has been set, and no rotation was left half-way. Says none of them. */
export const secrets: Check = {
  name: "secrets",
  async run(target) {
    const parameters = Object.entries(target.environment.outputs.secretParameters);
    if (parameters.length === 0) return [resultsOf("secrets").ok("none is needed")];
    return await Promise.all(
      parameters.map(([key, name]) => {
        const look = key === DESTINATION_SECRET ? destinationSecret : sourceSecret;
        return guarded(`secret of ${key}`, () => look(target, key, name), target.environment.kind);
      }),
    );
  },
};

async function sourceSecret(
  { environment, now }: CheckTarget,
  key: string,
  name: string,
): Promise<CheckResult> {
  const { ok, failure, warning } = resultsOf(`secret of ${key}`);
  const parameter = new SecretParameter(environment.clients, name, key);
  const value = await parameter.read();
  if (value === undefined) {
    if (key === DESTINATION_SIGNING) {
      return failure(
        "It has not been set: the parameter holds the placeholder, and every delivery waits for it.",
        `Set one, and put it into the destination: ${commandFor(environment, `secret set ${key} --print`)}`,
      );
    }
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

/** As functions/destination/ reads it: any text but the placeholder. */
async function destinationSecret(
  { environment }: CheckTarget,
  key: string,
  name: string,
): Promise<CheckResult> {
  const text = (await readParameter(environment.clients, name)).trim();
  const { ok, failure } = resultsOf(`secret of ${key}`);
  const { secretsKey = SSM_OWN_KEY } = environment.outputs;
  // Without it, SSM takes its own key, whatever key the parameter had.
  const withKey = secretsKey === SSM_OWN_KEY ? "" : ` --key-id ${secretsKey}`;
  return ["", PLACEHOLDER_SECRET, PLACEHOLDER_PARAMETER_VALUE].includes(text)
    ? failure(
        "The destination's credentials have not been set: every delivery waits for them.",
        remedyIn(
          environment,
          `Put them there: aws ssm put-parameter --overwrite --type SecureString${withKey} --name ${name} --value file://FILE`,
          "Start the local run again with --fresh: it makes some.",
        ),
      )
    : ok("set");
}
