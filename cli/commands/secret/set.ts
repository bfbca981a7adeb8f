import type { Command } from "commander";
import { CommandError } from "../../../contract/command-error.ts";
import { GENESYS_DLQ } from "../../../contract/command-line.ts";
import { act } from "../../act.ts";
import type { Context } from "../../context.ts";
import { withExamples } from "../../examples.ts";
import { generateSecret, secretFromStdin } from "../../secret/new-secret.ts";
import type { SecretParameter } from "../../secret/parameter.ts";
import { addSource, sourceSecret } from "./source.ts";

interface SetOptions {
  readonly integration?: string;
  readonly stdin?: boolean;
  readonly print?: boolean;
  readonly replace?: boolean;
}

/** `secret set`: the first secret. */
export function addSet(secret: Command): void {
  const set = addSource(
    secret.command("set").description("replaces the placeholder with a first secret, which is generated"),
  )
    .option("--stdin", "the one that comes on stdin")
    .option("--print", "print the generated one, to be pasted into Genesys")
    .option("--replace", "replace the secret that is there; what is signed with it is rejected from then on")
    .action(act<SetOptions>(run));
  withExamples(
    set,
    "genesys-dlq secret set --local",
    "genesys-dlq secret set webhook --environment staging --print",
    "pass genesys/webhook | genesys-dlq secret set webhook --environment staging --stdin",
  );
}

async function run(context: Context, options: SetOptions, source: string | undefined): Promise<void> {
  const { found, parameter } = await sourceSecret(context, source, options.integration);
  if (!options.replace) await mustBeFree(parameter);
  const secret = options.stdin ? await secretFromStdin() : generateSecret();
  await parameter.write({ current: secret });
  const shown = options.print && !options.stdin ? { secret } : {};
  await context.output.result({ source: found.key, parameter: parameter.name, ...shown }, () =>
    options.print && !options.stdin ? secret : `The secret of ${found.key} is set, in ${parameter.name}.`,
  );
}

async function mustBeFree(parameter: SecretParameter): Promise<void> {
  if ((await parameter.read()) === undefined) return;
  throw new CommandError(
    `${parameter.key} has a secret already, and Genesys may be signing with it.`,
    `${GENESYS_DLQ} secret rotate replaces it without refusing an event; --replace does it at once.`,
  );
}
