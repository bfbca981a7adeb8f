import { Argument, type Command } from "commander";
import { UsageError } from "../../../contract/command-error.ts";
import { DESTINATION_SIGNING } from "../../../contract/outputs.ts";
import { DESTINATION_REFRESH_SECONDS } from "../../../contract/secret.ts";
import { type HttpSource, httpSources } from "../../../contract/sources/index.ts";
import type { Context } from "../../context.ts";
import type { Environment } from "../../environment/environment.ts";
import { readReceiver } from "../../environment/receiver.ts";
import { chooseSource, type FoundSource } from "../../environment/source.ts";
import { SecretParameter } from "../../secret/parameter.ts";

/** The arguments that say whose secret is meant. */
export function addSource(command: Command): Command {
  return command
    .addArgument(
      new Argument("[source]", "whose (default: the first that the environment takes in)").choices([
        ...httpSources,
        DESTINATION_SIGNING,
      ]),
    )
    .option("--integration <id>", "of open-messaging; needed where there are several");
}

export interface SourceSecret {
  /** What a person calls it: `open-messaging/main`. */
  readonly key: string;
  /** The source; absent for the secret that signs deliveries. */
  readonly found?: FoundSource;
  readonly parameter: SecretParameter;
  /** After so long, every function has read what was written. */
  readonly secretRefreshSeconds: number;
  /** Who has to know it beside us. */
  readonly holder: "Genesys" | "the destination";
}

/** @throws {UsageError} where it needs no secret */
export async function sourceSecret(
  context: Context,
  source: string | undefined,
  integration: string | undefined,
): Promise<SourceSecret> {
  const environment = await context.environment();
  if (source === DESTINATION_SIGNING) return signingSecret(environment, integration);
  const { sources, secretRefreshSeconds } = await readReceiver(environment);
  const found = chooseSource(environment, sources, { source: source as HttpSource | undefined, integration });
  if (found.parameter === undefined) {
    throw new UsageError(
      `${found.key} of ${environment.title} takes events without a secret.`,
      "Give it an authentication in infra/environments.ts first.",
    );
  }
  const parameter = new SecretParameter(
    environment.clients,
    found.parameter,
    found.key,
    environment.outputs.secretsKey,
  );
  return { key: found.key, found, parameter, secretRefreshSeconds, holder: "Genesys" };
}

function signingSecret(
  { outputs, clients, title }: Environment,
  integration: string | undefined,
): SourceSecret {
  if (integration !== undefined)
    throw new UsageError("A destination has no integrations.", "Leave --integration out.");
  const name = outputs.secretParameters[DESTINATION_SIGNING];
  if (name === undefined) {
    throw new UsageError(
      `${title} does not sign its deliveries.`,
      'Set destination.signing to { kind: "standard-webhooks" } in infra/environments.ts, and deploy.',
    );
  }
  return {
    key: DESTINATION_SIGNING,
    parameter: new SecretParameter(clients, name, DESTINATION_SIGNING, outputs.secretsKey),
    secretRefreshSeconds: DESTINATION_REFRESH_SECONDS,
    holder: "the destination",
  };
}
