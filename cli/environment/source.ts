import { UsageError } from "../../contract/command-error.ts";
import { secretKey } from "../../contract/outputs.ts";
import type { HttpSource } from "../../contract/sources/index.ts";
import { secretParameterOf, urlOf } from "../../contract/sources/signed-request.ts";
import type { AuthenticationSettings, SourceSettings } from "../../contract/variables/sources.ts";
import type { Environment } from "./environment.ts";

export interface WantedSource {
  /** @default the first that the environment takes in */
  readonly source?: HttpSource | undefined;
  /** @default the only one */
  readonly integration?: string | undefined;
}

/** A way in, or one integration of it. */
export interface FoundSource {
  readonly source: HttpSource;
  /** `""` for a source with one secret. */
  readonly integration: string;
  /** `open-messaging/main` */
  readonly key: string;
  readonly authentication: AuthenticationSettings;
  /** The parameter with its secret; absent where it needs none. */
  readonly parameter: string | undefined;
  /** Where it posts to. */
  readonly url: string;
}

/** @throws {UsageError} naming those that there are */
export function chooseSource(
  { outputs, title }: Environment,
  sources: readonly SourceSettings[],
  wanted: WantedSource,
): FoundSource {
  const settings = sourceIn(sources, wanted.source, title);
  const { source } = settings;
  const integration = integrationOf(settings, wanted.integration, title);
  const authentication = settings.authentication[integration] as AuthenticationSettings;
  return {
    source,
    integration,
    key: secretKey(source, integration),
    authentication,
    parameter: secretParameterOf(authentication),
    url: urlOf(outputs.urls[source] ?? "", integration),
  };
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
