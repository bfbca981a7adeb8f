import { Argument, type Command } from "commander";
import { UsageError } from "../../../contract/command-error.ts";
import { type HttpSource, httpSources } from "../../../contract/sources/index.ts";
import type { Context } from "../../context.ts";
import { readReceiver } from "../../environment/receiver.ts";
import { chooseSource, type FoundSource } from "../../environment/source.ts";
import { SecretParameter } from "../../secret/parameter.ts";

/** The arguments that say whose secret is meant. */
export function addSource(command: Command): Command {
  return command
    .addArgument(
      new Argument("[source]", "whose (default: the first that the environment takes in)").choices(
        httpSources,
      ),
    )
    .option("--integration <id>", "of open-messaging; needed where there are several");
}

export interface SourceSecret {
  readonly found: FoundSource;
  readonly parameter: SecretParameter;
  readonly secretRefreshSeconds: number;
}

/** @throws {UsageError} where it needs no secret */
export async function sourceSecret(
  context: Context,
  source: string | undefined,
  integration: string | undefined,
): Promise<SourceSecret> {
  const environment = await context.environment();
  const { sources, secretRefreshSeconds } = await readReceiver(environment);
  const found = chooseSource(environment, sources, { source: source as HttpSource | undefined, integration });
  if (found.parameter === undefined) {
    throw new UsageError(
      `${found.key} of ${environment.title} takes events without a secret.`,
      "Give it an authentication in infra/environments.ts first.",
    );
  }
  const parameter = new SecretParameter(environment.clients, found.parameter, found.key);
  return { found, parameter, secretRefreshSeconds };
}
