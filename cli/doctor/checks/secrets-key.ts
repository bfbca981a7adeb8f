import { describeParameter, isEncryptedWith } from "../../secret/key.ts";
import type { Check, CheckTarget } from "../check.ts";
import { type CheckResult, resultsOf } from "../check-result.ts";
import { guarded } from "../guarded.ts";
import { commandFor } from "../words.ts";

const CHECK = "key of the secrets";

/** Whether the secrets are encrypted with the environment's key, which Terraform cannot see to after their creation. */
export const secretsKey: Check = {
  name: "secrets' key",
  async run(target) {
    const { kind, outputs } = target.environment;
    // Nothing is encrypted on this machine; and a stack from before does not say with which key.
    if (kind === "local" || outputs.secretsKey === undefined) return [];
    if (Object.keys(outputs.secretParameters).length === 0) return [];
    const key = outputs.secretsKey;
    return [await guarded(CHECK, () => look(target, key))];
  },
};

async function look({ environment }: CheckTarget, key: string): Promise<CheckResult> {
  const { ok, warning } = resultsOf(CHECK);
  const lagging: string[] = [];
  for (const name of Object.values(environment.outputs.secretParameters)) {
    const found = await describeParameter(environment.clients, name);
    if (found === undefined) continue; // the check of the secret itself says so
    if (found.Type !== "SecureString") {
      return warning(
        `${name} is not encrypted: it is a ${found.Type}, which whoever may list parameters can read.`,
        "Delete it, deploy, and set a new secret: the old one has been open.",
      );
    }
    if (!isEncryptedWith(found, key)) lagging.push(`${name} (${found.KeyId})`);
  }
  if (lagging.length === 0) return ok(`every secret is encrypted with ${key}`);
  return warning(
    `The environment's secrets belong under ${key}, and these are under another key: ${lagging.join(", ")}.`,
    `Encrypt them anew: ${commandFor(environment, "secret rekey")}`,
  );
}
