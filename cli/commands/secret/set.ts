import type { Command } from "commander";
import { CommandError } from "../../../contract/command-error.ts";
import { GENESYS_DLQ } from "../../../contract/command-line.ts";
import { act } from "../../act.ts";
import type { Context } from "../../context.ts";
import { withExamples } from "../../examples.ts";
import { newSecret, secretFromStdin } from "../../secret/new-secret.ts";
import type { SecretParameter } from "../../secret/parameter.ts";
import { addSource, type SourceSecret, sourceSecret } from "./source.ts";

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
    .option("--replace", "replace the secret that is there; what is signed with it is rejected soon after")
    .action(act<SetOptions>(run));
  withExamples(
    set,
    "genesys-dlq secret set --local",
    "genesys-dlq secret set webhook --environment staging --print",
    "pass genesys/webhook | genesys-dlq secret set webhook --environment staging --stdin",
  );
}

async function run(context: Context, options: SetOptions, source: string | undefined): Promise<void> {
  const { key, parameter, holder, secretRefreshSeconds } = await sourceSecret(
    context,
    source,
    options.integration,
  );
  if (!options.replace) await mustBeFree(parameter, holder);
  const secret = options.stdin ? await secretFromStdin() : newSecret(holder);
  await parameter.write({ current: secret });
  const holdsFrom = new Date(Date.now() + secretRefreshSeconds * 1_000).toISOString();
  if (options.replace) context.output.note(whenItHolds(key, holder, secretRefreshSeconds, holdsFrom));
  const shown = options.print && !options.stdin ? { secret } : {};
  const result = { source: key, parameter: parameter.name, holds_from: holdsFrom, ...shown };
  await context.output.result(result, () =>
    options.print && !options.stdin ? secret : `The secret of ${key} is set, in ${parameter.name}.`,
  );
}

/** What reads a secret keeps it for a while: until then, either may still be the one. */
function whenItHolds(key: string, holder: SourceSecret["holder"], seconds: number, at: string): string {
  const until = `from ${at} at the latest, ${seconds} s from now`;
  return holder === "Genesys"
    ? `The secret that ${key} had is refused everywhere ${until}; a receiver refuses it as soon as it has read the new one.`
    : `Deliveries are signed with it ${until}.`;
}

async function mustBeFree(parameter: SecretParameter, holder: SourceSecret["holder"]): Promise<void> {
  if ((await parameter.read()) === undefined) return;
  throw new CommandError(
    holder === "Genesys"
      ? `${parameter.key} has a secret already, and Genesys may be signing with it.`
      : `${parameter.key} has a secret already, and the destination may know it.`,
    `${GENESYS_DLQ} secret rotate replaces it without refusing an event; --replace does it at once.`,
  );
}
