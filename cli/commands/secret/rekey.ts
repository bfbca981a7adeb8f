import type { Command } from "commander";
import { UsageError } from "../../../contract/command-error.ts";
import { act } from "../../act.ts";
import type { Context } from "../../context.ts";
import { withExamples } from "../../examples.ts";
import { describeParameter, isEncryptedWith } from "../../secret/key.ts";
import { rekey } from "../../secret/rekey.ts";

/** `secret rekey`: what Terraform cannot do when an environment's key has changed. */
export function addRekey(secret: Command): void {
  const command = secret
    .command("rekey")
    .description("encrypts every secret with the key that the environment has now; no secret changes")
    .action(act(run));
  withExamples(command, "genesys-dlq secret rekey --environment production");
}

async function run(context: Context): Promise<void> {
  const { clients, outputs, title } = await context.environment();
  const { secretsKey, secretParameters } = outputs;
  if (secretsKey === undefined) {
    throw new UsageError(
      `The outputs of ${title} do not say with which key secrets are encrypted.`,
      "Deploy this version of the stack, or give its own outputs.",
    );
  }
  const ssm = await clients.ssm();
  const rekeyed: string[] = [];
  for (const name of Object.values(secretParameters)) {
    const found = await describeParameter(clients, name);
    if (found !== undefined && isEncryptedWith(found, secretsKey)) continue;
    await rekey(ssm, name, secretsKey);
    rekeyed.push(name);
  }
  await context.output.result({ key: secretsKey, rekeyed }, () =>
    rekeyed.length === 0
      ? `Every secret is encrypted with ${secretsKey} already.`
      : [`Encrypted with ${secretsKey} now:`, ...rekeyed].join("\n"),
  );
}
