import { secretKey } from "../../contract/outputs.ts";
import type { AuthenticationSettings, SourceSettings } from "../../contract/settings.ts";
import type { HttpSource } from "../../contract/sources/index.ts";
import { type ProofKind, secretParameterOf, signRequest } from "../../contract/sources/signed-request.ts";
import type { Environment } from "../environment/environment.ts";
import { readReceiver } from "../environment/receiver.ts";
import { CommandError, UsageError } from "../errors.ts";
import { readSecretValue } from "../secret/parameter.ts";
import { post } from "./post.ts";
import type { Target } from "./target.ts";

interface HttpPlace {
  /** Of the source; a path parameter in braces stands for the integration. */
  readonly url: string;
  readonly integration: string;
  readonly proof: ProofKind;
  /** `""` where nothing is proved. */
  readonly secret: string;
  readonly title: string;
  readonly timeoutMilliseconds: number;
}

/** Posts events to a source, each signed as its sender would. */
export function httpTarget({ integration, proof, secret, title, ...place }: HttpPlace): Target {
  return {
    url: place.url.replace(/\{[^}]+\}/, () => encodeURIComponent(integration)),
    title,
    async send(body) {
      const request = signRequest({ url: place.url, integration, body }, proof, secret);
      return (await post(request, place.timeoutMilliseconds)).answer;
    },
  };
}

/**
 * A source of an environment, with the secret that its parameter holds now.
 *
 * @param source by default the first that the environment takes in
 * @throws {CommandError} where there is no such source or integration, or no secret yet
 */
export async function targetIn(
  environment: Environment,
  wanted: { readonly source?: HttpSource; readonly integration?: string; readonly unsigned?: boolean },
  timeoutMilliseconds: number,
): Promise<{ readonly source: HttpSource; readonly target: Target }> {
  const { outputs, title, clients } = environment;
  const settings = sourceIn((await readReceiver(environment)).sources, wanted.source, title);
  const { source } = settings;
  const integration = integrationOf(settings, wanted.integration, title);
  const authentication: AuthenticationSettings = wanted.unsigned
    ? { kind: "none" }
    : (settings.authentication[integration] as AuthenticationSettings);
  const parameter = secretParameterOf(authentication);
  const value = parameter === undefined ? undefined : await readSecretValue(await clients.ssm(), parameter);
  if (parameter !== undefined && value === undefined) {
    throw new CommandError(
      `The secret of ${secretKey(source, integration)} has not been set: its parameter holds the placeholder, and the receiver answers 503.`,
      `Put the secret there that Genesys signs with: parameter ${parameter}.`,
    );
  }
  const target = httpTarget({
    url: outputs.urls[source] ?? "",
    integration,
    proof: authentication,
    secret: value?.current ?? "",
    title: `${secretKey(source, integration)} of ${title}`,
    timeoutMilliseconds,
  });
  return { source, target };
}

function sourceIn(
  sources: readonly SourceSettings[],
  wanted: HttpSource | undefined,
  title: string,
): SourceSettings {
  const found = wanted === undefined ? sources[0] : sources.find(({ source }) => source === wanted);
  if (found !== undefined) return found;
  const names = sources.map(({ source }) => source).join(", ");
  throw new UsageError(
    `${title} takes in no ${wanted ?? "HTTP source"}.`,
    names === "" ? "Switch one on in infra/environments.ts." : `It takes in: ${names}.`,
  );
}

function integrationOf(
  { source, authentication }: SourceSettings,
  wanted: string | undefined,
  title: string,
): string {
  const known = Object.keys(authentication);
  if (wanted === undefined && known.length === 1) return known[0] as string;
  if (wanted !== undefined && wanted !== "" && known.includes(wanted)) return wanted;
  const named = known.filter((name) => name !== "");
  throw new UsageError(
    wanted === undefined
      ? `${title} has several integrations of ${source}.`
      : `${title} has no integration "${wanted}" of ${source}.`,
    named.length === 0 ? "Leave --integration out." : `Give --integration: ${named.join(", ")}.`,
  );
}
